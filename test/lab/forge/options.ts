import type { ActionsEnvironment } from './actions/job-context.ts';
import type { OnWrite } from './world/writes.ts';

export interface ForgeOptions {
  /** A folder of the forge alone, for its bare repositories. */
  readonly dataDir: string;
  /** Aborting stops the forge, also after it has started. */
  readonly signal: AbortSignal;
  readonly onWrite?: OnWrite;
  /** Secrets, variables and environment of a repository's workflows; asked when a job starts. */
  readonly actionsEnvironment?: (fullName: string) => ActionsEnvironment;
  /** Time that a job may take, in milliseconds; 60,000 by default. */
  readonly jobTimeoutMs?: number;
  /** Jobs that run at a time, over all repositories; 2 by default. */
  readonly concurrentJobs?: number;
  /** Path of bubblewrap; `false` to do without; looked for on PATH by default. */
  readonly bwrap?: string | false;
  /** What steps may read beside the system's own folders and node, for instance a folder of modules. */
  readonly readOnlyPaths?: readonly string[];
  /** Told of an error that is the forge's own (answered as 500); printed to standard error by default. */
  readonly onError?: (error: unknown) => void;
  /** The time of day; the system's by default. */
  readonly now?: () => Date;
}

/** A file of a repository: its text, or its bytes with a mode. */
export type FileContent = string | { readonly content: string | Uint8Array; readonly executable?: boolean };

export interface RepositoryOptions {
  /** The first commit, on the default branch. Without files the repository stays empty. */
  readonly files?: Readonly<Record<string, FileContent>>;
  readonly message?: string;
  readonly author?: Author;
  readonly date?: Date;
  readonly description?: string;
  /** `main` by default. */
  readonly defaultBranch?: string;
  /** Names of branches that only an admin token may move. */
  readonly protectedBranches?: readonly string[];
  /** Start the workflows that the first commit's push would start; false by default. */
  readonly runWorkflows?: boolean;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface CommitOptions {
  /** The default branch if not given; made from the default branch when it is not there. */
  readonly branch?: string;
  readonly message: string;
  /** `null` removes the file. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  readonly author?: Author;
  readonly date?: Date;
  /** Start the workflows that a push of this commit would start; true by default. */
  readonly runWorkflows?: boolean;
}
