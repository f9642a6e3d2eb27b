import type { RenderedAction } from '../../skills/skill.ts';
import { textsOf } from '../../skills/lib/reading.ts';
import type { ReviewContext } from './review-gate.ts';

/** The only action whose word is taken for what stood on the base branch before: its server computed it from git's own objects. */
const reverting = 'github.revert-commit';

/** What the review gate needs to know of a rendered code fix: the texts as they are, and what a revert restores. */
export async function reviewContext(
  rendered: RenderedAction,
  known: Pick<ReviewContext, 'action' | 'schemaPaths'>,
  readFile: (path: string) => Promise<string | undefined>,
): Promise<ReviewContext> {
  const before = new Map<string, string | null>();
  for (const { path } of rendered.edits) before.set(path, (await readFile(path)) ?? null);
  const restoredPaths = known.action === reverting ? textsOf(rendered.frozen['restoredPaths']) : [];
  return { ...known, before, restoredPaths };
}
