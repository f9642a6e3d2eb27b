import { noObject } from '../git/write.ts';
import type { RefMoved, World } from './world.ts';

/** Open pull requests follow their head; one whose head is deleted is closed, as on GitHub. */
export function followPulls(world: World, { repository, ref, after }: RefMoved): void {
  repository.pushedAt = world.now();
  for (const pull of repository.pulls) {
    if (pull.state !== 'open' || `refs/heads/${pull.head}` !== ref) continue;
    pull.updatedAt = world.now();
    if (after !== noObject) pull.headSha = after;
    else Object.assign(pull, { state: 'closed', closedAt: world.now() });
  }
}
