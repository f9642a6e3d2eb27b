import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { branchSchema, repositoryOf, repositorySchema, type Repository } from '../lib/github/repository.ts';
import { textOf } from '../lib/reading.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['repository', 'workflow'],
  properties: {
    repository: repositorySchema,
    workflow: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._ -]*$',
      maxLength: 200,
      description: 'Its file name or id',
    },
    branch: { ...branchSchema, default: 'main', description: 'The branch whose runs release the service' },
    deploys: { type: 'boolean', default: true, description: 'A run that succeeds has deployed its commit' },
  },
};

export interface WorkflowNode {
  readonly repository: Repository;
  readonly name: string;
  readonly workflow: string;
  readonly branch: string;
  readonly deploys: boolean;
}

export function readParameters(parameters: JsonObject): WorkflowNode {
  const repository = repositoryOf(parameters);
  return {
    repository,
    name: `${repository.owner}/${repository.repo}`,
    workflow: textOf(parameters['workflow']) ?? '',
    branch: textOf(parameters['branch']) ?? 'main',
    deploys: parameters['deploys'] !== false,
  };
}

export function identity(parameters: JsonObject): string | undefined {
  const repository = textOf(parameters['repository']);
  const workflow = textOf(parameters['workflow']);
  if (repository === undefined || workflow === undefined) return undefined;
  return `github-actions:${repository.toLowerCase()}/${workflow}`;
}
