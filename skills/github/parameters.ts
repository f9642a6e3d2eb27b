import type { JsonObject, JsonSchema } from '../../controller/api/json.ts';
import {
  baseBranchOf,
  branchSchema,
  repositoryOf,
  repositorySchema,
  type Repository,
} from '../lib/github/repository.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['repository'],
  properties: {
    repository: repositorySchema,
    baseBranch: { ...branchSchema, default: 'main', description: 'The branch that releases are made from' },
    path: { type: 'string', maxLength: 500, description: 'The folder of the service in a repository of several' },
  },
};

export interface GitHubNode {
  readonly repository: Repository;
  readonly name: string;
  readonly baseBranch: string;
  /** Without slashes at its ends; empty for the whole repository. */
  readonly path: string;
}

export function readParameters(parameters: JsonObject): GitHubNode {
  const repository = repositoryOf(parameters);
  const baseBranch = baseBranchOf(parameters);
  const { path } = parameters;
  return {
    repository,
    name: `${repository.owner}/${repository.repo}`,
    baseBranch,
    path: typeof path === 'string' ? path.replaceAll(/^\/+|\/+$/g, '') : '',
  };
}

/** GitHub's names do not know case. */
export function identity(parameters: JsonObject): string | undefined {
  const { repository, path } = parameters;
  if (typeof repository !== 'string') return undefined;
  return `github:${repository.toLowerCase()}${typeof path === 'string' ? `:${path.replaceAll(/^\/+|\/+$/g, '')}` : ''}`;
}
