import { diffTrees } from '../git/diff.ts';
import { emptyTree, noObject } from '../git/write.ts';
import type { Repository } from '../world/repository.ts';
import type { RefChange } from '../world/writes.ts';
import { globsMatch } from './glob.ts';
import type { PushTrigger } from './workflow.ts';

const skipWords = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i;

export function asksToSkip(message: string): boolean {
  return skipWords.test(message);
}

/** Does a push of a branch start the workflow? */
export async function pushMatches(repository: Repository, trigger: PushTrigger, change: RefChange): Promise<boolean> {
  const branch = change.ref.slice('refs/heads/'.length);
  if (trigger.tagsOnly || !branchMatches(trigger, branch)) return false;
  const { paths, pathsIgnore } = trigger;
  if (paths === undefined && pathsIgnore === undefined) return true;
  const from = change.before === noObject ? emptyTree : change.before;
  const changed = (await diffTrees(repository.git, from, change.after)).map(({ path }) => path);
  if (paths !== undefined) return changed.some((path) => globsMatch(paths, path));
  return changed.some((path) => !globsMatch(pathsIgnore ?? [], path));
}

function branchMatches({ branches, branchesIgnore }: PushTrigger, branch: string): boolean {
  if (branches !== undefined) return globsMatch(branches, branch);
  return branchesIgnore === undefined || !globsMatch(branchesIgnore, branch);
}
