import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { load } from 'js-yaml';
import { schemaFaults, type SchemaFault } from '../../config/schema-faults.ts';
import { metadataSchema } from './metadata-schema.ts';
import { ruleFaults, type RuleFault } from './rules.ts';

export type Schema = { readonly [key: string]: unknown };

/** One of our kinds, as its CRD has it. */
export interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
  /** The object as the API server would store it: its defaults filled in. */
  stored(object: unknown): unknown;
  /** What is wrong with the shape of a stored object; unknown fields are, as in strict validation. */
  shapeFaults(object: unknown): readonly SchemaFault[];
  /** What is wrong by the CRD's own rules with an object whose shape holds. */
  ruleFaults(object: unknown): readonly RuleFault[];
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

const folder = new URL('../../../crds/', import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
formats.default(ajv);
ajv.addKeyword({
  keyword: 'uniqueKeys',
  type: 'array',
  validate: hasUniqueKeys,
  error: { message: 'names an item twice' },
});

/** All kinds that the CRDs beside the program define. */
export function readKinds(): ReadonlyMap<string, Kind> {
  const files = readdirSync(folder).filter((name) => /^threehops\.dev_.*\.yaml$/.test(name));
  // CRDs are ours, and the API server has checked their shape.
  const kinds = files.map((name) => kindOf(load(readFileSync(new URL(name, folder), 'utf8')) as Crd));
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}

function kindOf({ spec: { group, names, versions } }: Crd): Kind {
  const [version] = versions;
  const schema = version?.schema.openAPIV3Schema ?? {};
  const whole = closed(schema);
  const properties = { ...(whole['properties'] as Schema), metadata: metadataSchema };
  const required = [
    ...new Set(['apiVersion', 'kind', 'metadata', ...((whole['required'] as string[] | undefined) ?? [])]),
  ];
  const validate: ValidateFunction = ajv.compile({ ...whole, properties, required });
  return {
    kind: names.kind,
    apiVersion: `${group}/${version?.name ?? ''}`,
    stored: (object) => withDefaults(schema, object),
    shapeFaults: (object) => (validate(object) ? [] : schemaFaults(validate.errors ?? [])),
    ruleFaults: (object) => ruleFaults(schema, object),
  };
}

/** What Kubernetes means by a structural schema, for ajv: fields that are not named are wrong, and lists have keys. */
export function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties, ...rest } = schema;
  const keys = rest['x-kubernetes-list-map-keys'];
  const open = rest['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties: mapped(properties as Schema) }),
    ...(items === undefined ? {} : { items: closed(items as Schema) }),
    ...(keys === undefined ? {} : { uniqueKeys: keys }),
    ...(rest['x-kubernetes-list-type'] === 'set' ? { uniqueItems: true } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties: closed(additionalProperties as Schema) }),
    ...(properties !== undefined && additionalProperties === undefined && !open ? { additionalProperties: false } : {}),
  };
}

function mapped(properties: Schema): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      name === 'metadata' ? { type: 'object' } : closed(schema as Schema),
    ]),
  );
}

export function hasUniqueKeys(keys: readonly string[], list: readonly Schema[]): boolean {
  const seen = list.map((item) => JSON.stringify(keys.map((key) => item[key])));
  return new Set(seen).size === seen.length;
}

/** As the API server does it: below objects that are there, and a null stands for absent unless the field is nullable. */
function withDefaults(schema: Schema, value: unknown): unknown {
  const { properties, items, additionalProperties } = schema as Record<string, Schema | undefined>;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => withDefaults(items, item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const known = (properties?.[name] as Schema | undefined) ?? additionalProperties;
    if (field === null && known !== undefined && known['nullable'] !== true) return [];
    return [[name, known === undefined ? field : withDefaults(known, field)] as const];
  });
  const given = new Map(fields);
  for (const [name, field] of Object.entries(properties ?? {})) {
    const byDefault = (field as Schema)['default'];
    if (byDefault !== undefined && !given.has(name)) given.set(name, structuredClone(byDefault));
  }
  return Object.fromEntries(given);
}
