import { ApiError } from '../http/answer.ts';
import { deleteRef, noObject, updateRef } from '../git/write.ts';
import type { Repository } from './repository.ts';
import type { TokenOptions } from './tokens.ts';
import type { World } from './world.ts';
import type { RefChange } from './writes.ts';

export function isProtected(repository: Repository, ref: string): boolean {
  return ref.startsWith('refs/heads/') && repository.protectedBranches.has(ref.slice('refs/heads/'.length));
}

/** True when this token may not move the ref itself: only an administrator passes a branch protection. */
export function isBarred(repository: Repository, ref: string, actor: TokenOptions): boolean {
  return isProtected(repository, ref) && actor.scope !== 'admin';
}

/**
 * Moves a ref, compare and swap, and tells the rest of the forge.
 * @throws ApiError 409 when somebody else moved it first.
 */
export async function moveRef(world: World, repository: Repository, change: RefChange, actor: string): Promise<void> {
  const { ref, before, after } = change;
  const { git } = repository;
  const moved = after === noObject ? await deleteRef(git, ref, before) : await updateRef(git, ref, after, before);
  if (!moved) throw new ApiError(409, `${ref} is not at ${before}`);
  await world.onRefMoved({ ...change, repository, actor });
}

export async function refSha({ git }: Repository, ref: string): Promise<string | undefined> {
  return git.maybe(['rev-parse', '--verify', '--quiet', '--end-of-options', ref]);
}
