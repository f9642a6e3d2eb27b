import type { Commit } from '../../../controller/actions/plan.ts';
import type { OpenedPullRequest, PullRequestText } from '../../../controller/session/dependencies.ts';
import { digestOf } from '../../../controller/evidence/canonical.ts';

export type Files = Readonly<Record<string, string>>;

interface StoredCommit {
  readonly sha: string;
  readonly parent: string | undefined;
  readonly files: Files;
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
}

export interface PullRequest extends OpenedPullRequest {
  readonly head: string;
  readonly body: string;
}

/** A repository on a forge: commits with content, branches, pull requests. The same commit made again has the same SHA. */
export class Repository {
  readonly #commits = new Map<string, StoredCommit>();
  readonly branches = new Map<string, string>();
  readonly pulls: PullRequest[] = [];
  readonly main: string;

  constructor(files: Files) {
    this.main = this.#store({ parent: undefined, files, message: 'first', trailers: {} }, 'day one');
    this.branches.set('main', this.main);
  }

  filesAt(ref: string): Files {
    return this.commit(ref)?.files ?? {};
  }

  commit(ref: string): StoredCommit | undefined {
    return this.#commits.get(this.branches.get(ref) ?? ref);
  }

  /** Commits of a branch, newest first. */
  log(branch: string): readonly StoredCommit[] {
    const found: StoredCommit[] = [];
    for (let at = this.commit(branch); at !== undefined; at = this.#parentOf(at)) found.push(at);
    return found;
  }

  /** Those that main has not. */
  ahead(branch: string): readonly StoredCommit[] {
    return this.log(branch).filter(({ sha }) => sha !== this.main);
  }

  /** Fast-forward only; what is there already is no push. */
  push(commit: Commit): { readonly sha: string; readonly moved: boolean } {
    const { parent, edits, message, trailers, date, branch } = commit;
    const files: Record<string, string> = { ...this.filesAt(parent) };
    for (const { path, content } of edits) {
      if (content === null) delete files[path];
      else files[path] = content;
    }
    const sha = this.#store({ parent, files, message, trailers }, date);
    const head = this.branches.get(branch);
    if (head === sha) return { sha, moved: false };
    if (head !== undefined && head !== parent) throw new Error(`${branch} is at ${head}, not at ${parent}`);
    this.branches.set(branch, sha);
    return { sha, moved: true };
  }

  ensurePullRequest(request: PullRequestText & { readonly head: string }): PullRequest {
    const { head, title, body, draft } = request;
    const open = this.pulls.findIndex((pull) => pull.head === head);
    const number = open < 0 ? this.pulls.length + 1 : open + 1;
    const pull = { number, url: `https://forge.example/acme/shop/pull/${number}`, head, title, body, draft };
    this.pulls[number - 1] = pull;
    return pull;
  }

  #parentOf({ parent }: StoredCommit): StoredCommit | undefined {
    return parent === undefined ? undefined : this.#commits.get(parent);
  }

  #store(commit: Omit<StoredCommit, 'sha'>, date: string): string {
    const sha = digestOf({ ...commit, parent: commit.parent ?? null, date }).slice(0, 40);
    this.#commits.set(sha, { ...commit, sha });
    return sha;
  }
}
