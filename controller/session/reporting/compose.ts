import type { Commit, Plan } from '../../actions/plan.ts';
import { composeReport } from '../../report/compose-report.ts';
import type { FileEdit } from '../../../skills/skill.ts';
import { whereOf } from '../acting/act-context.ts';
import { rfc3339 } from '../apply-transition.ts';
import type { Dependencies, PullRequestText, Where } from '../dependencies.ts';
import { iterationOf, loadBundle, type Snapshot } from '../snapshot.ts';
import { childName } from '../child-name.ts';
import { branchOf, commitEdits, trailersOf, workingTree } from '../working-tree.ts';

/** All that is written when a session reports, frozen before the first write so that a crash repeats it letter by letter. */
export interface Report {
  /** The map whose repository gets it. */
  readonly topology: string;
  /** Absent where the branch already says all that is to be said. */
  readonly commit?: Commit;
  readonly pullRequest: PullRequestText & { readonly head: string; readonly base: string };
}

/** Writes the report and freezes it; answers the digest of the stored Report. */
export async function composeAndSave(
  snapshot: Snapshot,
  deps: Dependencies,
  plan: Plan | undefined,
  draft: boolean,
  signal: AbortSignal,
): Promise<{ readonly digest: string } | undefined> {
  const topology = plan?.topology ?? `${snapshot.topology.metadata.namespace}/${snapshot.topology.metadata.name}`;
  const where = whereOf(snapshot, deps, { topology });
  // Escalated before anything was seen, there is nothing to report.
  if (where === undefined || snapshot.status.sweep?.bundleDigest === undefined) return undefined;
  const bundle = await loadBundle(snapshot, deps, signal, plan?.bundleDigest);
  const input = { session: snapshot.session, topology: where.topology, bundle, diff: plan?.diff ?? '', draft };
  const texts = composeReport(input);
  const commit = await finalCommit(snapshot, deps, where, { texts, plan }, signal);
  const base = where.topology.spec.source?.baseBranch ?? 'main';
  const pullRequest = { title: texts.title, body: texts.body, draft, head: branchOf(snapshot), base };
  const report: Report = { topology, pullRequest, ...(commit === undefined ? {} : { commit }) };
  return { digest: await deps.evidence.save(snapshot.session, iterationOf(snapshot), 'Report', report, signal) };
}

interface Reported {
  readonly texts: { readonly title: string; readonly file: string };
  readonly plan: Plan | undefined;
}

/**
 * What git still lacks: the changed definition of an infra fix, or the report file where a fix changes nothing in git. A code
 * fix is on the branch already.
 */
async function finalCommit(
  snapshot: Snapshot,
  deps: Dependencies,
  where: Where,
  { texts, plan }: Reported,
  signal: AbortSignal,
): Promise<Commit | undefined> {
  const tree = await workingTree(snapshot, deps, where, signal);
  const meant = await commitEdits(tree, deps, where, [], signal);
  const missing = await notOn(tree.parent, deps, where, meant, signal);
  // Where git had it right and the environment did not, the fix leaves no diff: then the report is the change.
  const changesGit = (await notOn(tree.base, deps, where, meant, signal)).length > 0;
  const edits = changesGit ? missing : [...missing, reportFile(snapshot, where, texts.file)];
  if (edits.length === 0) return undefined;
  const change = { parent: tree.parent, edits };
  return {
    branch: branchOf(snapshot),
    ...change,
    message: `${texts.title}\n\nMade by a debugging session; the pull request has its history.`,
    trailers: trailersOf(snapshot, plan?.action ?? 'report', change),
    date: rfc3339(deps.clock.now()),
  };
}

function reportFile(snapshot: Snapshot, where: Where, content: string): FileEdit {
  const folder = (where.topology.spec.policy?.reportPath ?? 'docs/debugging/').replace(/\/?$/, '/');
  return { path: `${folder}${childName(snapshot.session, '.md')}`, content };
}

async function notOn(
  ref: string,
  deps: Dependencies,
  where: Where,
  edits: readonly FileEdit[],
  signal: AbortSignal,
): Promise<readonly FileEdit[]> {
  const missing: FileEdit[] = [];
  for (const edit of edits) {
    const there = (await deps.source.readFile(where, ref, edit.path, signal)) ?? null;
    if (there !== edit.content) missing.push(edit);
  }
  return missing;
}
