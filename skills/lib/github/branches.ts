import type { Tools } from '../../skill.ts';
import { isDefined, listOf, objectOf, textOf } from '../reading.ts';
import type { Repository } from './repository.ts';

const perPage = 100;
const maxPages = 100;

/** More branches than are looked through. */
export class TooManyBranches extends Error {
  constructor({ owner, repo }: Repository) {
    super(`${owner}/${repo} has more than ${perPage * maxPages} branches`);
    this.name = 'TooManyBranches';
  }
}

/** Names of all branches, page by page. @throws ToolError, TooManyBranches: a part of them would prove nothing absent. */
export async function listBranches(
  tools: Tools,
  repository: Repository,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = listOf(await tools.call('list_branches', { ...repository, perPage, page }, signal));
    names.push(...answer.map((branch) => textOf(objectOf(branch)['name'])).filter(isDefined));
    if (answer.length < perPage) return names;
  }
  throw new TooManyBranches(repository);
}
