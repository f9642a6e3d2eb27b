import type { FileEdit } from '../../skills/skill.ts';
import { pathKind } from '../../skills/lib/github/path-kind.ts';
import { reverting } from './reverting.ts';
import { reviewPath } from './review-path.ts';
import { changedLines, deceptionReason, schemaReason, secretReason, testReason } from './review-text.ts';

export type Verdict = 'Pass' | 'NeedsApproval' | 'Refused';

export interface ReviewContext {
  /** Folders or files whose change is a change of a database's schema, by their beginning. */
  readonly schemaPaths: readonly string[];
  /** The action that made the edits. */
  readonly action: string;
  /** What each edited path held before, null where there was no file; a path that is not here could not be compared. */
  readonly before?: ReadonlyMap<string, string | null>;
  /**
   * Of a revert: paths that end exactly as they were before the reverted commit. Their content stood on the base branch and was
   * reviewed there; a test that the commit had added goes with it.
   */
  readonly restoredPaths?: readonly string[];
  /** Is the file named by what was found on the way from the cause to the symptom? Not asked where it is absent. */
  readonly named?: (path: string) => boolean;
  /** The service's folder in a repository of several. */
  readonly folder?: string;
}

export interface Review {
  readonly verdict: Verdict;
  /** The gate that a person opens, where one is to be asked: a change of a schema has its own. */
  readonly gate?: 'SchemaChange' | 'ReviewGate';
  /** Each names its path; what is refused comes first. */
  readonly reasons: readonly string[];
}

/** One thing that stands against a diff. */
export interface Objection {
  readonly verdict: 'NeedsApproval' | 'Refused';
  readonly reason: string;
  readonly gate?: 'SchemaChange';
}

/** Beyond these a person looks first; beyond the second, nobody could. */
const files = { ordinary: 20, most: 100 };
const lines = { ordinary: 400, most: 5_000 };

/**
 * Whether a diff may be pushed to the session's branch as it is, after a person has looked at it, or not at all (design, section 6).
 * Pure: the same edits and context give the same review.
 */
export function reviewEdits(edits: readonly FileEdit[], context: ReviewContext): Review {
  const objections = [...sizeObjections(edits, context), ...edits.flatMap((edit) => editObjections(edit, context))];
  const refused = objections.filter(({ verdict }) => verdict === 'Refused');
  const ordered = [...refused, ...objections.filter(({ verdict }) => verdict !== 'Refused')];
  const verdict = refused.length > 0 ? 'Refused' : objections.length > 0 ? 'NeedsApproval' : 'Pass';
  const gate = objections.find((objection) => objection.gate !== undefined)?.gate ?? 'ReviewGate';
  return { verdict, reasons: ordered.map(({ reason }) => reason), ...(verdict === 'NeedsApproval' ? { gate } : {}) };
}

function sizeObjections(edits: readonly FileEdit[], context: ReviewContext): readonly Objection[] {
  if (edits.length === 0) return [{ verdict: 'Refused', reason: 'there is nothing to push' }];
  const changed = edits.reduce((sum, edit) => sum + linesOf(edit, context), 0);
  return [...over(edits.length, files, 'files'), ...over(changed, lines, 'lines')];
}

function over(count: number, limit: { ordinary: number; most: number }, what: string): readonly Objection[] {
  if (count <= limit.ordinary) return [];
  const verdict = count > limit.most ? 'Refused' : 'NeedsApproval';
  return [{ verdict, reason: `${count} ${what} are changed, more than ${limit.ordinary}` }];
}

function linesOf({ path, content }: FileEdit, { before }: ReviewContext): number {
  const { added, removed } = changedLines(before?.get(path) ?? null, content);
  return added.length + removed.length;
}

function editObjections(edit: FileEdit, context: ReviewContext): readonly Objection[] {
  const placed = reviewPath(edit.path, context);
  const schema = schemaReason(edit, context);
  const refused = [secretReason, deceptionReason].map((reason) => reason(edit, context));
  const objections: readonly Objection[] = [
    ...placed,
    ...(schema === undefined ? [] : [{ verdict: 'NeedsApproval', reason: schema, gate: 'SchemaChange' } as const]),
    ...refused.flatMap((reason) => (reason === undefined ? [] : [{ verdict: 'Refused', reason } as const])),
    ...(isExpected(edit.path, context) ? [] : [unexpected(edit.path)]),
  ];
  const weakened =
    pathKind(edit.path) === 'Test' && !isRestored(edit.path, context) ? testReason(edit, context) : undefined;
  return weakened === undefined ? objections : [...objections, { verdict: 'NeedsApproval', reason: weakened }];
}

/** A test that comes with a fix is named by nothing, and one that is weakened is another matter. */
function isExpected(path: string, { named, action }: ReviewContext): boolean {
  return named === undefined || action === reverting || pathKind(path) === 'Test' || named(path);
}

function unexpected(path: string): Objection {
  return { verdict: 'NeedsApproval', reason: `${path} is named by nothing that was found on the cause's path` };
}

export function isRestored(path: string, { restoredPaths = [] }: Pick<ReviewContext, 'restoredPaths'>): boolean {
  return restoredPaths.includes(path);
}
