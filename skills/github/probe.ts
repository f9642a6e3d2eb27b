import type { Change, Finding, ProbeResult } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { commitChanges } from './commit-changes.ts';
import { identity, readParameters, type GitHubNode } from './parameters.ts';
import { branchFindings, pullRequestFindings } from './repository-findings.ts';

/** What changed in the repository, and what sessions left there. @throws the first ToolError when nothing could be read. */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, signal } = context;
  const github = readParameters(node.with);
  const failures: unknown[] = [];
  const gaps = new GapList(node.id, signal);
  const look = <T>(what: string, answer: Promise<readonly T[]>): Promise<readonly T[]> =>
    gaps.orGap(what, noting(failures, answer), []);
  const [changes, branches, pulls] = await Promise.all([
    look('commits', commitChanges(github, context, gaps)),
    look('branches', branchFindings(github, context)),
    look('pull requests', pullRequestFindings(github, context)),
  ]);
  if (failures.length === 3) throw failures[0];
  return {
    findings: [...recentCommits(node.id, github, changes), ...branches, ...pulls],
    series: [],
    changes,
    logTemplates: [],
    gaps: gaps.list(),
    identity: identity(node.with) ?? github.name,
  };
}

async function noting<T>(failures: unknown[], answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    failures.push(error);
    throw error;
  }
}

/** Says that there is something to suspect; the changes themselves carry the detail. */
function recentCommits(id: string, { name, baseBranch }: GitHubNode, changes: readonly Change[]): readonly Finding[] {
  const [newest] = changes;
  if (newest === undefined) return [];
  return [
    {
      id: findingId(id, 'github.RecentCommits', baseBranch),
      node: id,
      kind: 'github.RecentCommits',
      severity: 'Info',
      summary: `The newest of ${changes.length} commits on ${baseBranch} is ${newest.summary}`.slice(0, 500),
      since: newest.at,
      value: changes.length,
      unit: 'commits',
      source: `list_commits ${name} ${baseBranch}`,
      facts: { newest: newest.facts?.['sha'] ?? '' },
    },
  ];
}
