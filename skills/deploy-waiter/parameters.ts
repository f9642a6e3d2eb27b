import type { JsonSchema } from '../../controller/api/json.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cluster', 'service'],
  properties: {
    cluster: { type: 'string', minLength: 1, maxLength: 255, description: 'Name or ARN of the cluster' },
    service: { type: 'string', minLength: 1, maxLength: 255, description: 'Name or ARN of the service' },
  },
};
