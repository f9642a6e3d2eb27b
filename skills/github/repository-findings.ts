import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import { allPages } from '../lib/github/pages.ts';
import { isDefined, listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import { earliest } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import type { GitHubNode } from './parameters.ts';

const told = 20;
/** What has more pages is a gap. */
const mostPages = 20;

/** Whether the base branch is protected, and which branches of sessions are there. */
export async function branchFindings(
  node: GitHubNode,
  { node: { id }, tools, signal }: ProbeContext,
): Promise<readonly Finding[]> {
  const listed = await allPages('branches', mostPages, async (page) =>
    listOf(await tools.call('list_branches', { ...node.repository, ...page }, signal)),
  );
  const branches = listed.map((branch) => ({
    name: textOf(objectOf(branch)['name']) ?? '',
    protected: objectOf(branch)['protected'] === true,
  }));
  const base = branches.find(({ name }) => name === node.baseBranch);
  const sessions = branches.map(({ name }) => name).filter((name) => name.startsWith('threehops/'));
  const source = `list_branches ${node.name}`;
  return [
    base === undefined ? undefined : protection(id, node, base.protected, source),
    sessions.length === 0
      ? undefined
      : {
          id: findingId(id, 'github.SessionBranches', node.name),
          node: id,
          kind: 'github.SessionBranches',
          severity: 'Info' as const,
          summary: `${sessions.length} threehops branches are there: ${sessions.slice(0, 5).join(', ')}`,
          value: sessions.length,
          unit: 'branches',
          source,
          facts: { branches: sessions.slice(0, told) },
        },
  ].filter(isDefined);
}

function protection(id: string, node: GitHubNode, isProtected: boolean, source: string): Finding {
  const kind = isProtected ? 'github.BaseBranchProtected' : 'github.BaseBranchUnprotected';
  return {
    id: findingId(id, kind, node.baseBranch),
    node: id,
    kind,
    severity: 'Info',
    summary: `${node.baseBranch} of ${node.name} is ${isProtected ? '' : 'not '}protected`,
    source,
    facts: { branch: node.baseBranch },
  };
}

/** Open pull requests of sessions. */
export async function pullRequestFindings(
  node: GitHubNode,
  { node: { id }, tools, signal }: ProbeContext,
): Promise<readonly Finding[]> {
  const listed = await allPages('open pull requests', mostPages, async (page) =>
    listOf(await tools.call('list_pull_requests', { ...node.repository, state: 'open', ...page }, signal)),
  );
  const sessions = listed.map(objectOf).filter((pull) => headOf(pull).startsWith('threehops/'));
  if (sessions.length === 0) return [];
  const own = sessions.map((pull) => ({
    number: numberOf(pull['number']) ?? 0,
    title: textOf(pull['title']) ?? '',
    head: headOf(pull),
    url: textOf(pull['html_url']) ?? '',
  }));
  const since = earliest(sessions.map((pull) => timeOf(pull['created_at'])));
  return [
    {
      id: findingId(id, 'github.SessionPullRequests', node.name),
      node: id,
      kind: 'github.SessionPullRequests',
      severity: 'Info',
      summary: `${own.length} pull requests of sessions are open: ${own
        .map(({ number }) => `#${number}`)
        .slice(0, 10)
        .join(', ')}`,
      ...(since === undefined ? {} : { since }),
      value: own.length,
      unit: 'pull requests',
      source: `list_pull_requests ${node.name} state=open`,
      facts: { pullRequests: own.slice(0, told) },
    },
  ];
}

function headOf(pull: JsonObject): string {
  return textOf(objectOf(pull['head'])['ref']) ?? '';
}
