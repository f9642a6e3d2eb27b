import type { JsonSchema } from '../../controller/api/json.ts';
import { parameters as sourceParameters } from '../lib/github/source-node.ts';
import { recipesSchema } from './recipes.ts';

export const parameters: JsonSchema = {
  ...sourceParameters,
  properties: { ...(sourceParameters['properties'] as JsonSchema), recipes: recipesSchema },
};
