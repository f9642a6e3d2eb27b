import type { Json } from '../../../controller/api/json.ts';
import type { Tools } from '../../skill.ts';
import { isDefined, listOf, numberOf, objectOf, textOf, timeOf } from '../reading.ts';
import type { Repository } from './repository.ts';

export interface CommitFile {
  readonly path: string;
  /** added, modified, removed, renamed, ... in GitHub's words. */
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
  /** Of a renamed file. */
  readonly previousPath?: string;
  readonly patch?: string;
}

export interface Commit {
  readonly sha: string;
  /** When it was put on its branch: the committer's date. */
  readonly at: Date;
  readonly message: string;
  readonly author: string;
  /** Empty for a first commit; undefined where the server does not tell. */
  readonly parents: readonly string[] | undefined;
  /** Only with details. */
  readonly files: readonly CommitFile[];
  readonly additions: number;
  readonly deletions: number;
}

export interface CommitQuery {
  readonly branch: string;
  readonly path?: string;
  readonly until?: Date;
  readonly perPage?: number;
}

/** The newest commits of a branch, newest first, without files. */
export async function listCommits(
  tools: Tools,
  repository: Repository,
  query: CommitQuery,
  signal: AbortSignal,
): Promise<readonly Commit[]> {
  const answer = await tools.call(
    'list_commits',
    {
      ...repository,
      sha: query.branch,
      perPage: query.perPage ?? 30,
      ...(query.path === undefined ? {} : { path: query.path }),
      ...(query.until === undefined ? {} : { until: query.until.toISOString() }),
    },
    signal,
  );
  return listOf(answer).map(readCommit).filter(isDefined);
}

/** A commit with its files. @throws TypeError when the answer is no commit. */
export async function getCommit(
  tools: Tools,
  repository: Repository,
  sha: string,
  signal: AbortSignal,
): Promise<Commit> {
  const commit = readCommit(await tools.call('get_commit', { ...repository, sha }, signal));
  if (commit === undefined) throw new TypeError(`get_commit ${sha} answered no commit`);
  return commit;
}

function readCommit(value: Json): Commit | undefined {
  const whole = objectOf(value);
  const sha = textOf(whole['sha']);
  const info = objectOf(whole['commit']);
  const author = objectOf(info['author']);
  const at = timeOf(objectOf(info['committer'])['date']) ?? timeOf(author['date']);
  if (sha === undefined || at === undefined) return undefined;
  const stats = objectOf(whole['stats']);
  return {
    sha,
    at,
    message: textOf(info['message']) ?? '',
    author: textOf(author['name']) ?? '',
    parents: Array.isArray(whole['parents']) ? parentsOf(whole['parents']) : undefined,
    files: listOf(whole['files']).map(readFile).filter(isDefined),
    additions: numberOf(stats['additions']) ?? 0,
    deletions: numberOf(stats['deletions']) ?? 0,
  };
}

function parentsOf(parents: readonly Json[]): readonly string[] {
  return parents.map((parent) => textOf(objectOf(parent)['sha'])).filter(isDefined);
}

function readFile(value: Json): CommitFile | undefined {
  const file = objectOf(value);
  const path = textOf(file['filename']);
  if (path === undefined) return undefined;
  const previousPath = textOf(file['previous_filename']);
  const patch = textOf(file['patch']);
  return {
    path,
    status: textOf(file['status']) ?? 'modified',
    additions: numberOf(file['additions']) ?? 0,
    deletions: numberOf(file['deletions']) ?? 0,
    ...(previousPath === undefined ? {} : { previousPath }),
    ...(patch === undefined ? {} : { patch }),
  };
}

/** A trailer of the message's last paragraph, as git reads it. */
export function trailerOf(message: string, key: string): string | undefined {
  const last =
    message
      .trim()
      .split(/\n\s*\n/)
      .at(-1) ?? '';
  const line = last.split('\n').find((one) => one.toLowerCase().startsWith(`${key.toLowerCase()}: `));
  return line?.slice(key.length + 2).trim();
}

export function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').slice(0, 200);
}
