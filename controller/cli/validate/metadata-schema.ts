import type { JsonSchema } from '../../api/json.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const qualified = `^(${label}(\\.${label})*/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$`;
const text = { type: 'string' };

/** ObjectMeta as strict validation takes it, with the rules of its names. Source: Kubernetes' API conventions, names and labels. */
export const metadataSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['name'] }, { required: ['generateName'] }],
  properties: {
    name: { type: 'string', maxLength: 253, pattern: `^${label}(\\.${label})*$` },
    generateName: text,
    namespace: { type: 'string', maxLength: 63, pattern: `^${label}$` },
    labels: {
      type: 'object',
      propertyNames: { pattern: qualified, maxLength: 317 },
      additionalProperties: { type: 'string', maxLength: 63, pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$' },
    },
    annotations: { type: 'object', propertyNames: { pattern: qualified }, additionalProperties: text },
    finalizers: { type: 'array', items: text },
    ownerReferences: { type: 'array', items: { type: 'object' } },
    // What the API server fills in; it is there in what was read from one.
    creationTimestamp: {},
    deletionGracePeriodSeconds: {},
    deletionTimestamp: {},
    generation: {},
    managedFields: {},
    resourceVersion: {},
    selfLink: {},
    uid: {},
  },
};
