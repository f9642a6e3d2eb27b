import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { load } from 'js-yaml';
import { closed, hasUniqueKeys, type Schema } from '../../../controller/cli/validate/schema.ts';

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
