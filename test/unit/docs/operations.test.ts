import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load } from 'js-yaml';
import { configSchema } from '../../../controller/config/config-schema.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');

/** The cells of every row of a table whose first cell is code. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

function sources(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
}

const all = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))].toSorted();

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
}

function fieldsOf(schema: Schema, path: string): readonly Field[] {
  if (schema.properties === undefined) return [{ path, schema }];
  return Object.entries(schema.properties).flatMap(([name, child]) =>
    fieldsOf(child, path === '' ? name : `${path}.${name}`),
  );
}

describe('the configuration file', () => {
  const fields = fieldsOf(configSchema as Schema, '');
  const told = new Map(rows.map(([field = '', ...rest]) => [field.replaceAll('`', ''), rest]));

  test.each(fields.map(({ path, schema }) => [path, schema] as const))('%s, as the schema has it', (path, schema) => {
    const [byDefault = 'not in the page', bounds = ''] = told.get(path) ?? [];
    const value = byDefault === 'empty' ? '' : byDefault.replaceAll('`', '');
    const wanted = schema.default === undefined ? 'needed' : schema.default;
    expect(value === '' ? '' : (load(value) as unknown)).toEqual(wanted);
    const { minimum, maximum } = schema;
    expect(bounds).toBe(minimum === undefined ? bounds : `${minimum} to ${maximum}`);
  });

  test('and no field that is not there', () => {
    const known = fields.map(({ path }) => path);
    const sections = new Set(known.map((path) => path.split('.')[0]));
    const named = [...told.keys()].filter((name) => name.includes('.') && sections.has(name.split('.')[0]));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test('every metric, with its name as it is in the code', () => {
  const code = sources('controller');
  const named = [
    ...all(code, /'((?:threehops|workqueue|rest_client|leader_election|controller_runtime)_[a-z_]*[a-z])'/g),
    ...all(code, /`\$\{prefix\}_([a-z_]+)`/g).map((name) => `controller_runtime_${name}`),
  ];
  // Names of tools and of a field are made alike.
  const metrics = named.filter((name) => /_(total|seconds|depth|status|objects|workers|reconciles)$/.test(name));
  const told = rows.map(([cell = '']) => cell.replaceAll('`', '')).filter((name) => /^[a-z]+(_[a-z]+)+$/.test(name));
  expect(told.toSorted()).toEqual([...metrics].toSorted());
});

test('every reason of a condition or an event that the code can give', () => {
  const code = ['session', 'topology', 'extensions'].map((name) => sources(`controller/${name}`)).join('\n');
  const reasons = [
    ...all(code, /\breason: '([A-Z][A-Za-z]+)'/g),
    ...all(code, /\b(?:stall|replan|escalate|pause)\(\s*'([A-Z][A-Za-z]+)'/g),
    ...all(code, /\bend\(\s*'([A-Z][A-Za-z]+)'/g),
  ];
  expect(reasons.length).toBeGreaterThan(30);
  expect(reasons.filter((reason) => !new RegExp(`\\b${reason}\\b`).test(page))).toEqual([]);
});

test('every role of the installation', () => {
  const files = [
    'base/access/operator.yaml',
    'base/access/people.yaml',
    'base/access/alerts.yaml',
    'sandbox/operator.yaml',
  ];
  const access = [...files, 'sandbox/runtime-class/reader.yaml'].map((name) =>
    readFileSync(join(root, 'manifests', name), 'utf8'),
  );
  const roles = all(access.join('\n'), /^kind: (?:Cluster)?Role\nmetadata:\n {2}name: ([a-z-]+)$/gm);
  expect(roles.length).toBeGreaterThan(5);
  for (const role of roles) expect(page).toContain(`\`${role}\``);
});

test('every reason for which checks do not run in a Job', () => {
  const told = readFileSync(join(root, 'docs/sandboxes.md'), 'utf8');
  const code = readFileSync(join(root, 'controller/sandbox/sandbox.ts'), 'utf8');
  const names = all(
    /export type JobObstacle.*export interface SandboxUnavailable/s.exec(code)?.[0] ?? '',
    /'([A-Z]\w+)'/g,
  );
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !told.includes(`\`${name}\``))).toEqual([]);
});
