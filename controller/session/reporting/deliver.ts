import type { JsonObject } from '../../api/json.ts';
import { actionId } from '../../actions/plan.ts';
import { keyOf } from '../../topology/resolved.ts';
import type { Dependencies, OpenedPullRequest, Where } from '../dependencies.ts';
import { whereOf } from '../acting/act-context.ts';
import { pushIntent } from '../acting/push-intent.ts';
import { carryOut, type IntentSpec } from '../intents.ts';
import type { Snapshot } from '../snapshot.ts';
import { heldByTraces } from '../traces.ts';
import type { Transition } from '../transition.ts';
import type { Report } from './compose.ts';

export type Delivered =
  | {
      readonly done: true;
      readonly pullRequest: OpenedPullRequest & { readonly repository: string; readonly branch: string };
    }
  | { readonly done: false; readonly transition: Transition }
  | { readonly done: true; readonly pullRequest: undefined; readonly problem: string };

/** Pushes what git lacks, then opens the pull request: two intents, each found again after a crash. */
export async function deliver(
  snapshot: Snapshot,
  deps: Dependencies,
  digest: string,
  signal: AbortSignal,
): Promise<Delivered> {
  // Content-addressed: it is the Report that was saved.
  const report = (await deps.evidence.load(snapshot.session, digest, signal)) as Report;
  const where = whereOf(snapshot, deps, report);
  if (where === undefined) return { done: true, pullRequest: undefined, problem: 'the map names no repository' };
  const held = heldByTraces(snapshot, deps, where);
  if (held !== undefined) return { done: false, transition: held };
  if (report.commit !== undefined) {
    const push = pushIntent(snapshot, deps, where, report.commit, { digest, guard: () => Promise.resolve(undefined) });
    const step = carryOut(snapshot, deps, push);
    if (step.state === 'Open') return { done: false, transition: step.transition };
    if (step.state === 'Failed') return { done: true, pullRequest: undefined, problem: step.message };
  }
  const step = carryOut(snapshot, deps, pullRequestIntent(snapshot, deps, where, report, digest));
  if (step.state === 'Open') return { done: false, transition: step.transition };
  if (step.state === 'Failed') return { done: true, pullRequest: undefined, problem: step.message };
  const { url, number, title, draft } = step.evidence;
  return {
    done: true,
    pullRequest: {
      url: typeof url === 'string' ? url : '',
      number: Number(number),
      title: typeof title === 'string' ? title : '',
      draft: draft === true,
      repository: where.repository,
      branch: report.pullRequest.head,
    },
  };
}

function evidenceOf({ url, number, title, draft }: OpenedPullRequest): JsonObject {
  return { url, number, title, draft };
}

function pullRequestIntent(
  snapshot: Snapshot,
  deps: Dependencies,
  where: Where,
  report: Report,
  digest: string,
): IntentSpec {
  const { head } = report.pullRequest;
  return {
    id: actionId(snapshot.uid, digest, `pull request ${where.repository}`),
    kind: 'PullRequest',
    target: `${where.repository}#${head}`,
    under: keyOf(where.topology),
    repository: where.repository,
    actionDigest: digest,
    guard: () => Promise.resolve(undefined),
    execute: async (signal) => evidenceOf(await deps.source.ensurePullRequest(where, report.pullRequest, signal)),
    // The draft that an escalation left is not yet the pull request of the fix: its title is another.
    probe: async (signal) => {
      const open = await deps.source.pullRequest(where, head, signal);
      const same = open?.title === report.pullRequest.title;
      return open !== undefined && same
        ? { verdict: 'Happened', evidence: evidenceOf(open) }
        : { verdict: 'Absent', evidence: {} };
    },
  };
}
