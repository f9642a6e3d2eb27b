import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';
import { baseBranchOf, branchSchema, repositoryOf, repositorySchema, type Repository } from './repository.ts';
import { textOf, textsOf } from '../reading.ts';

export const parameters: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['repository'],
  properties: {
    repository: repositorySchema,
    baseBranch: { ...branchSchema, default: 'main' },
    path: { type: 'string', maxLength: 500, description: 'The folder of the service in a repository of several' },
    paths: {
      type: 'array',
      maxItems: 20,
      items: { type: 'string', minLength: 1, maxLength: 500 },
      description: 'The configuration files and folders to read; found by their names without it',
    },
    ref: { ...branchSchema, description: 'The branch that is deployed now, where it is not the base branch' },
  },
};

export interface SourceNode {
  readonly repository: Repository;
  readonly name: string;
  readonly ref: string;
  /** Without slashes at its ends; empty for the whole repository. */
  readonly folder: string;
  /** The files and folders to look at; undefined to find them. */
  readonly paths: readonly string[] | undefined;
}

export function readParameters(parameters: JsonObject): SourceNode {
  const repository = repositoryOf(parameters);
  const paths = textsOf(parameters['paths']);
  return {
    repository,
    paths: paths.length === 0 ? undefined : paths,
    name: `${repository.owner}/${repository.repo}`,
    ref: textOf(parameters['ref']) ?? baseBranchOf(parameters),
    folder: (textOf(parameters['path']) ?? '').replaceAll(/^\/+|\/+$/g, ''),
  };
}

/** `skill` keeps the nodes of two skills on one repository apart. */
export function sourceIdentity(skill: string, parameters: JsonObject): string | undefined {
  const repository = textOf(parameters['repository']);
  return repository === undefined
    ? undefined
    : `${skill}:${repository.toLowerCase()}:${textOf(parameters['path']) ?? ''}`;
}
