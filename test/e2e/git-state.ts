import type { Lab } from '../lab/world/lab.ts';

export interface SessionBranch {
  readonly repository: string;
  readonly name: string;
  readonly commits: readonly { readonly sha: string; readonly trailers: string }[];
  /** Conclusion of the newest workflow run at the branch's head; undefined when there was none. */
  readonly lastRun: string | undefined;
}

export interface GitState {
  readonly sessionBranches: readonly SessionBranch[];
  /** Outside writes that moved a protected branch. */
  readonly pushedToProtected: readonly string[];
}

/** Reads the bare repositories and the forge's own books, never the operator's. */
export async function gitState(lab: Lab): Promise<GitState> {
  const repositories = [
    ...lab.roles.map((role) => lab.repository(role)),
    ...(lab.catalog === undefined ? [] : [lab.repository('catalog')]),
  ];
  const branches = await Promise.all(repositories.map((repository) => branchesOf(lab, repository)));
  const pushedToProtected = lab.forge.writes.flatMap((write) =>
    write.state === 'Applied' && write.changes.some(({ ref }) => ref === 'refs/heads/main') ? [write.path] : [],
  );
  return { sessionBranches: branches.flat(), pushedToProtected };
}

async function branchesOf(lab: Lab, repository: string): Promise<readonly SessionBranch[]> {
  const listed = await lab.forge.git(repository, ['for-each-ref', '--format=%(refname:short)', 'refs/heads/threehops']);
  const names = listed.split('\n').filter((name) => name !== '');
  return Promise.all(names.map((name) => branchOf(lab, repository, name)));
}

async function branchOf(lab: Lab, repository: string, name: string): Promise<SessionBranch> {
  const log = await lab.forge.git(repository, ['log', '--format=%H%x00%(trailers:only,unfold)%x01', `main..${name}`]);
  const commits = log
    .split('\x01')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [sha = '', trailers = ''] = entry.split('\0');
      return { sha, trailers };
    });
  const head = commits[0]?.sha;
  const run = lab.forge.runs(repository).findLast((candidate) => candidate.headSha === head);
  return { repository, name, commits, lastRun: run?.conclusion ?? undefined };
}
