import type { Change } from '../../controller/evidence/finding.ts';
import type { ProbeContext } from '../skill.ts';
import type { GapList } from '../lib/gaps.ts';
import { firstLine, getCommit, listCommits, trailerOf, type Commit } from '../lib/github/commits.ts';
import { runs } from '../lib/github/path-kind.ts';
import { mapLimited } from '../lib/map-limited.ts';
import type { GitHubNode } from './parameters.ts';

/** How many commits from before the window are told beside those in it, and how many at all. */
const before = 8;
const most = 15;
const listedAtMost = 40;
const filesTold = 30;

/**
 * The commits of the base branch in and just before the window, newest first, with their files. What a session committed
 * itself is left out: it is no cause of what the session looks into. What the window holds beyond `most` is a gap.
 */
export async function commitChanges(
  node: GitHubNode,
  { node: { id }, tools, window, signal }: ProbeContext,
  gaps: GapList,
): Promise<readonly Change[]> {
  const query = {
    branch: node.baseBranch,
    until: window.to,
    perPage: listedAtMost,
    ...(node.path === '' ? {} : { path: node.path }),
  };
  const listed = await listCommits(tools, node.repository, query, signal);
  const others = listed.filter(
    (commit) => commit.at <= window.to && trailerOf(commit.message, 'Threehops-Session') === undefined,
  );
  const inWindow = others.filter((commit) => commit.at >= window.from).length;
  if (inWindow > most) {
    const many = listed.length < listedAtMost ? `${inWindow}` : `${inWindow} or more`;
    gaps.add('older commits', `${many} fall into the window, the newest ${most} were read`);
  }
  const told = others.slice(0, Math.min(most, inWindow + before));
  const detailed = await mapLimited(told, 4, (commit) => getCommit(tools, node.repository, commit.sha, signal));
  return detailed.map((commit, index) => changeOf(id, node, commit, index));
}

function changeOf(nodeId: string, { name, baseBranch }: GitHubNode, commit: Commit, index: number): Change {
  const files = commit.files
    .slice(0, filesTold)
    .map(({ path, status, additions, deletions }) => ({ path, status, additions, deletions }));
  return {
    id: `${nodeId}:commit:${commit.sha}`,
    node: nodeId,
    kind: 'Commit',
    at: commit.at.toISOString(),
    summary: `${commit.sha.slice(0, 7)} by ${commit.author}: ${firstLine(commit.message)}`,
    source: `get_commit ${name} ${commit.sha}`,
    facts: {
      repository: name,
      branch: baseBranch,
      sha: commit.sha,
      ...(commit.parents === undefined ? {} : { parents: commit.parents, merge: commit.parents.length > 1 }),
      author: commit.author,
      message: firstLine(commit.message),
      files,
      fileCount: commit.files.length,
      additions: commit.additions,
      deletions: commit.deletions,
      /** 0 is the branch's newest. */
      position: index,
      touchesRunningCode: commit.files.some(({ path }) => runs(path)),
    },
  };
}
