import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

/** Makes controller/api/generated from crds/: one file a kind with its Spec and Status. The CRDs are the source of truth. */

interface Crd {
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}
type Schema = JSONSchema & { properties?: Record<string, Schema>; items?: Schema };

const root = join(import.meta.dirname, '..');
const target = join(root, 'controller/api/generated');

/** As oxfmt leaves it, so that generating twice changes nothing. */
function formatText(name: string, text: string): string {
  return execFileSync('oxfmt', ['--stdin-filepath', join(target, name)], { input: text, encoding: 'utf8' });
}

/** A CRD says nothing of unknown fields because the API server prunes them; for types that means there are none. */
function closed(schema: Schema): Schema {
  const copy: Schema = { ...schema };
  // Bounds make tuple types of lists; the API server holds them, the types need not.
  delete copy.maxItems;
  delete copy.minItems;
  if (copy.type === 'object' && copy.properties !== undefined) {
    copy.properties = Object.fromEntries(Object.entries(copy.properties).map(([name, value]) => [name, closed(value)]));
    copy.additionalProperties ??= false;
  }
  if (copy.items !== undefined && typeof copy.items === 'object') copy.items = closed(copy.items);
  if ((copy as Record<string, unknown>)['x-kubernetes-preserve-unknown-fields'] === true) {
    copy.tsType = 'JsonObject';
  }
  return copy;
}

/** With a default the field is always there once the API server has stored the object. */
function defaulted(schema: Schema): Schema {
  if (schema.properties === undefined) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, value]) => [name, defaulted(value)]),
  );
  const withDefault = Object.keys(properties).filter((name) => properties[name]?.default !== undefined);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return { ...schema, properties, required: [...new Set([...required, ...withDefault])] };
}

async function typesOf(kind: string, part: 'spec' | 'status', schema: Schema | undefined): Promise<string> {
  if (schema === undefined) return '';
  const name = `${kind}${part === 'spec' ? 'Spec' : 'Status'}`;
  const shaped = defaulted(closed({ ...schema, title: name }));
  return await compile(shaped, name, { bannerComment: '', format: false, additionalProperties: false });
}

async function generate(file: string): Promise<[string, string]> {
  const crd = load(readFileSync(join(root, 'crds', file), 'utf8')) as Crd;
  const { kind, plural } = crd.spec.names;
  const version = crd.spec.versions[0];
  if (version === undefined) throw new Error(`${file} has no version`);
  const { spec, status } = version.schema.openAPIV3Schema.properties ?? {};
  const body = (await typesOf(kind, 'spec', spec)) + '\n' + (await typesOf(kind, 'status', status));
  const imports = body.includes('JsonObject') ? "import type { JsonObject } from '../json.ts';\n\n" : '';
  const resource = `export const ${kind.charAt(0).toLowerCase()}${kind.slice(1)}Resource = { group: '${crd.spec.group}', version: '${version.name}', plural: '${plural}', kind: '${kind}', namespaced: true } as const;\n`;
  const name = kind.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
  return [
    `${name}.ts`,
    `// Generated from crds/${file} by npm run generate. Do not edit.\n\n${imports}${resource}\n${body}`,
  ];
}

const check = process.argv.includes('--check');
const stale: string[] = [];
const files = readdirSync(join(root, 'crds')).filter((name) => name.startsWith('threehops.dev_'));
for (const file of files.toSorted()) {
  const [name, text] = await generate(file);
  const path = join(target, name);
  const formatted = formatText(name, text);
  if (!check) writeFileSync(path, formatted);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== formatted) stale.push(name);
}
if (stale.length > 0) {
  console.error(`stale, run npm run generate: ${stale.join(', ')}`);
  process.exitCode = 1;
}
