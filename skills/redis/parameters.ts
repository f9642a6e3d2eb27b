import type { JsonSchema } from '../../controller/api/json.ts';
import { addressParameters } from '../lib/redis/address.ts';
import { lookParameters } from '../lib/redis/thresholds.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      pattern: '^rediss?://[^@]+$',
      maxLength: 1024,
      description: 'redis://HOST:PORT, or rediss:// for TLS, without credentials; host and port win over it',
    },
    ...addressParameters,
    ...lookParameters,
  },
};
