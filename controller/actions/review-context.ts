import type { RenderedAction } from '../../skills/skill.ts';
import { textsOf } from '../../skills/lib/reading.ts';
import { reverting } from './reverting.ts';
import type { ReviewContext } from './review-gate.ts';

/** What the review gate needs to know of a rendered code fix: the texts as they are, and what a revert restores. */
export async function reviewContext(
  rendered: RenderedAction,
  known: Pick<ReviewContext, 'action' | 'schemaPaths' | 'named'>,
  readFile: (path: string) => Promise<string | undefined>,
): Promise<ReviewContext> {
  const before = new Map<string, string | null>();
  for (const { path } of rendered.edits) before.set(path, (await readFile(path)) ?? null);
  const restoredPaths = known.action === reverting ? textsOf(rendered.frozen['restoredPaths']) : [];
  return { ...known, before, restoredPaths };
}
