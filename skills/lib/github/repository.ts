import type { JsonObject, JsonSchema } from '../../../controller/api/json.ts';

/** A repository as the tools of the read contract name it. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** `with.repository` of the skills on code. */
export const repositorySchema: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$',
  maxLength: 200,
  description: 'owner/name',
};

export const branchSchema: JsonSchema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]*$', maxLength: 200 };

/** @throws TypeError when `name` is not owner/name; parameters that passed their schema always are. */
export function parseRepository(name: string): Repository {
  const [owner, repo, more] = name.split('/');
  if (!owner || !repo || more !== undefined) throw new TypeError(`${JSON.stringify(name)} is not owner/name`);
  return { owner, repo };
}

export function repositoryOf(parameters: JsonObject): Repository {
  const { repository } = parameters;
  return parseRepository(typeof repository === 'string' ? repository : '');
}

/** `baseBranch` of the parameters, `main` by default. */
export function baseBranchOf(parameters: JsonObject): string {
  const branch = parameters['baseBranch'];
  return typeof branch === 'string' ? branch : 'main';
}
