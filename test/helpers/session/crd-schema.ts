import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { load } from 'js-yaml';

type Schema = { readonly [key: string]: unknown };

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] };
}

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addKeyword({ keyword: 'uniqueKeys', type: 'array', validate: hasUniqueKeys });

/** Answers what is wrong with an object by the schema of its CRD; empty when nothing is. Unknown fields are wrong. */
export type CrdCheck = (object: unknown) => readonly string[];

export function crdCheck(plural: string): CrdCheck {
  const file = new URL(`../../../crds/threehops.dev_${plural}.yaml`, import.meta.url);
  // CRDs are ours, and the API server has checked their shape.
  const crd = load(readFileSync(file, 'utf8')) as Crd;
  const schema = closed(crd.spec.versions[0]?.schema.openAPIV3Schema ?? {});
  const validate: ValidateFunction = ajv.compile(schema);
  return (object) => {
    if (validate(object)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** The API server drops unknown fields silently and keys list items; here both are errors. */
function closed(schema: Schema): Schema {
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

function hasUniqueKeys(keys: readonly string[], list: readonly Schema[]): boolean {
  const seen = list.map((item) => JSON.stringify(keys.map((key) => item[key])));
  return new Set(seen).size === seen.length;
}
