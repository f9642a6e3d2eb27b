import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] };
}

test('the README tells every field of a map', () => {
  const crd = load(read('crds/threehops.dev_servicetopologies.yaml')) as Crd;
  const spec = crd.spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec'] ?? {};
  const fields = Object.entries(spec.properties ?? {}).flatMap(([name, { properties = {} }]) =>
    Object.keys(properties).length === 0 ? [name] : Object.keys(properties).map((child) => `${name}.${child}`),
  );
  expect(fields.length).toBeGreaterThan(20);
  const page = read('README.md');
  expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })];

test.each(pages)('%s links to what is there', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const inside = links.filter((target) => !target.startsWith('http'));
  const broken = inside.filter((target) => {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page : normalize(join(dirname(page), file));
    if (!existsSync(join(root, path))) return true;
    return anchor !== undefined && !anchorsOf(read(path)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** As the forge makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
