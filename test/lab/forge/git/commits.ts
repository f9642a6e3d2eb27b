import type { Git } from './git.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** RFC 3339, UTC, whole seconds: as GitHub gives them. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

const fields = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'];
const format = `--format=tformat:${fields.join('%x00')}`;

/** RFC 3339 in UTC without fractions, which is the only way GitHub writes a time. */
export function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The commits that `git log` lists with these arguments, newest first. */
export async function listCommits(git: Git, args: readonly string[]): Promise<Commit[]> {
  const output = await git.bytes(['log', '-z', format, ...args]);
  const values = output.toString('utf8').split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + fields.length <= values.length; at += fields.length)
    commits.push(parse(values.slice(at, at + fields.length)));
  return commits;
}

export async function readCommit(git: Git, revision: string): Promise<Commit | undefined> {
  const sha = await resolveCommit(git, revision);
  if (sha === undefined) return undefined;
  const [commit] = await listCommits(git, ['-1', sha]);
  return commit;
}

/** The commit's full sha for a branch, a tag, a full ref or a sha (may be shortened); undefined when there is none. */
export async function resolveCommit(git: Git, revision: string): Promise<string | undefined> {
  if (revision === '' || revision.startsWith('-')) return undefined;
  const candidates = [`refs/heads/${revision}`, `refs/tags/${revision}`, revision];
  for (const name of candidates) {
    const sha = await git.maybe(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (sha !== undefined) return sha;
  }
  return undefined;
}

function parse(values: readonly string[]): Commit {
  const at = (index: number): string => values[index] ?? '';
  return {
    sha: at(0),
    tree: at(1),
    parents: at(2) === '' ? [] : at(2).split(' '),
    author: person(at(3), at(4), at(5)),
    committer: person(at(6), at(7), at(8)),
    message: at(9).replace(/\n+$/, ''),
  };
}

function person(name: string, email: string, seconds: string): Person {
  return { name, email, date: rfc3339(new Date(Number(seconds) * 1000)) };
}
