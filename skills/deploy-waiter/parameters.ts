import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { numberOf } from '../lib/reading.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['cluster', 'service'],
  properties: {
    cluster: { type: 'string', minLength: 1, maxLength: 255, description: 'Name or ARN of the cluster' },
    service: { type: 'string', minLength: 1, maxLength: 255, description: 'Name or ARN of the service' },
    deployTimeoutSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 86_400,
      default: 300,
      description: 'A deployment that is not at rest by then is slow or stuck',
    },
    stabilizationSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 3600,
      default: 60,
      description: 'For so long tasks have to stay up after a deployment',
    },
  },
};

export interface Limits {
  readonly deployTimeoutSeconds: number;
  readonly stabilizationSeconds: number;
}

/** What a map asks for goes before what its node says. */
export function limitsOf(parameters: JsonObject, thresholds: JsonObject = {}): Limits {
  const limit = (name: keyof Limits, otherwise: number): number =>
    numberOf(thresholds[name]) ?? numberOf(parameters[name]) ?? otherwise;
  return {
    deployTimeoutSeconds: limit('deployTimeoutSeconds', 300),
    stabilizationSeconds: limit('stabilizationSeconds', 60),
  };
}
