import type { Tools } from '../../skill.ts';
import { isDefined, listOf, objectOf, textOf } from '../reading.ts';
import { allPages, perPage, TooManyPages } from './pages.ts';
import type { Repository } from './repository.ts';

const maxPages = 100;

/** More branches than are looked through. */
export class TooManyBranches extends Error {
  constructor({ owner, repo }: Repository, options?: ErrorOptions) {
    super(`${owner}/${repo} has more than ${perPage * maxPages} branches`, options);
    this.name = 'TooManyBranches';
  }
}

/** Names of all branches, page by page. @throws ToolError, TooManyBranches: a part of them would prove nothing absent. */
export async function listBranches(
  tools: Tools,
  repository: Repository,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const branches = await allPages('branches', maxPages, async (page) =>
      listOf(await tools.call('list_branches', { ...repository, ...page }, signal)),
    );
    return branches.map((branch) => textOf(objectOf(branch)['name'])).filter(isDefined);
  } catch (error) {
    if (error instanceof TooManyPages) throw new TooManyBranches(repository, { cause: error });
    throw error;
  }
}
