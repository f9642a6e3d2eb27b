import type { JsonSchema } from '../../controller/api/json.ts';
import { expectStep, originsSchema, stepsSchema, urlSchema } from './ui-block.ts';

const most = { type: 'integer', minimum: 0, maximum: 20, default: 0 };

/** A page to look at; a look clicks nothing. */
export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: urlSchema,
    steps: stepsSchema(expectStep),
    origins: originsSchema,
    maxConsoleErrors: most,
    maxFailedRequests: most,
  },
};
