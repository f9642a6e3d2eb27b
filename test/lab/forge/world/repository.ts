import type { Git } from '../git/git.ts';
import type { Run, WorkflowRecord } from './run.ts';

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

export interface Pull {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  readonly createdAt: string;
  /** Name of the branch; the repository is always this one. */
  readonly head: string;
  /** Where the head stood when it was last seen: what is left when the branch is deleted. */
  headSha: string;
  base: string;
  title: string;
  body: string | null;
  draft: boolean;
  state: 'open' | 'closed';
  updatedAt: string;
  closedAt: string | null;
  labels: string[];
}

export interface CommitStatus {
  readonly id: number;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: string;
}

/** What the forge knows of a repository beside its git objects. */
export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly protectedBranches: Set<string>;
  readonly git: Git;
  readonly createdAt: string;
  pushedAt: string;
  /** The number of the newest pull request; numbers start at 1. */
  lastNumber: number;
  readonly pulls: Pull[];
  readonly comments: Comment[];
  readonly labels: Map<string, Label>;
  /** By commit sha, oldest first. */
  readonly statuses: Map<string, CommitStatus[]>;
  /** By path. */
  readonly workflows: Map<string, WorkflowRecord>;
  /** Oldest first. */
  readonly runs: Run[];
}
