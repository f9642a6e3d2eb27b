import type { JsonObject } from '../../../controller/api/json.ts';

// GitHub's REST objects reduced to the fields of github-mcp-server's answers. Parents are ours in addition.

interface Signature {
  readonly name?: string;
  readonly email?: string;
  readonly date?: string;
}

export interface RestCommit {
  readonly sha: string;
  readonly html_url: string;
  readonly commit: {
    readonly message: string;
    readonly author: Signature | null;
    readonly committer: Signature | null;
  };
  readonly author?: object | null;
  readonly parents: readonly { readonly sha: string }[];
  readonly stats?: { readonly additions?: number; readonly deletions?: number; readonly total?: number };
  readonly files?: readonly RestFile[];
}

interface RestFile {
  readonly filename: string;
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
  readonly changes: number;
  readonly patch?: string;
  readonly previous_filename?: string;
}

export function commitAnswer(commit: RestCommit, withDiff: boolean): JsonObject {
  const { message, author, committer } = commit.commit;
  return {
    sha: commit.sha,
    html_url: commit.html_url,
    commit: { message, author: signature(author), committer: signature(committer) },
    parents: commit.parents.map((parent) => ({ sha: parent.sha })),
    ...(withDiff ? { stats: stats(commit), files: (commit.files ?? []).map(fileAnswer) } : {}),
  };
}

function signature(person: Signature | null): JsonObject {
  const { name = '', email = '', date = '' } = person ?? {};
  return { name, email, date };
}

function stats({ stats: given }: RestCommit): JsonObject {
  return { additions: given?.additions ?? 0, deletions: given?.deletions ?? 0, total: given?.total ?? 0 };
}

const patchLimit = 20_000;

function fileAnswer({
  filename,
  status,
  additions,
  deletions,
  changes,
  patch,
  previous_filename: previous,
}: RestFile): JsonObject {
  return {
    filename,
    status,
    additions,
    deletions,
    changes,
    ...(patch === undefined ? {} : { patch: patch.slice(0, patchLimit) }),
    ...(previous === undefined ? {} : { previous_filename: previous }),
  };
}

export interface RestPull {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly draft?: boolean;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
  readonly merged_at: string | null;
}

export function pullAnswer(pull: RestPull): JsonObject {
  return {
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    state: pull.state,
    draft: pull.draft ?? false,
    merged: pull.merged_at !== null && pull.merged_at !== undefined,
    html_url: pull.html_url,
    user: { login: pull.user?.login ?? '' },
    head: { ref: pull.head.ref, sha: pull.head.sha },
    base: { ref: pull.base.ref, sha: pull.base.sha },
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    ...(pull.closed_at ? { closed_at: pull.closed_at } : {}),
    ...(pull.merged_at ? { merged_at: pull.merged_at } : {}),
  };
}

export interface RestRun {
  readonly id: number;
  readonly name?: string | null;
  readonly path?: string;
  readonly display_title?: string;
  readonly event: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly head_branch: string | null;
  readonly head_sha: string;
  readonly run_number: number;
  readonly run_attempt?: number;
  readonly html_url: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly run_started_at?: string;
}

export function runAnswer(run: RestRun): JsonObject {
  return {
    id: run.id,
    name: run.name ?? '',
    path: run.path ?? '',
    display_title: run.display_title ?? '',
    event: run.event,
    status: run.status ?? '',
    ...(run.conclusion === null || run.conclusion === undefined ? {} : { conclusion: run.conclusion }),
    head_branch: run.head_branch ?? '',
    head_sha: run.head_sha,
    run_number: run.run_number,
    run_attempt: run.run_attempt ?? 1,
    html_url: run.html_url,
    created_at: run.created_at,
    updated_at: run.updated_at,
    ...(run.run_started_at === undefined ? {} : { run_started_at: run.run_started_at }),
  };
}

interface Timed {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly started_at?: string | null;
  readonly completed_at?: string | null;
}

export interface RestJob extends Timed {
  readonly id: number;
  readonly run_id: number;
  readonly run_attempt?: number;
  readonly head_sha: string;
  readonly html_url: string | null;
  readonly steps?: readonly (Timed & { readonly number: number })[];
}

export function jobAnswer(job: RestJob): JsonObject {
  return {
    id: job.id,
    run_id: job.run_id,
    run_attempt: job.run_attempt ?? 1,
    head_sha: job.head_sha,
    html_url: job.html_url ?? '',
    ...timed(job),
    steps: (job.steps ?? []).map((step) => ({ number: step.number, ...timed(step) })),
  };
}

function timed({ name, status, conclusion, started_at: started, completed_at: completed }: Timed): JsonObject {
  return {
    name,
    status,
    ...(conclusion === null || conclusion === undefined ? {} : { conclusion }),
    ...(started ? { started_at: started } : {}),
    ...(completed ? { completed_at: completed } : {}),
  };
}
