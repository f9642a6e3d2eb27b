import type { JobLog } from '../actions/job-log.ts';

export type Status = 'queued' | 'in_progress' | 'completed';
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface WorkflowRecord {
  readonly id: number;
  readonly path: string;
  readonly createdAt: string;
  name: string;
  updatedAt: string;
}

export interface StepRecord {
  readonly name: string;
  readonly number: number;
  status: Status;
  conclusion: Conclusion | null;
  startedAt: string | null;
  completedAt: string | null;
}

export interface Job {
  readonly id: number;
  readonly attempt: number;
  /** Its key under `jobs:`. */
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly createdAt: string;
  readonly log: JobLog;
  readonly steps: StepRecord[];
  readonly outputs: Record<string, string>;
  status: Status;
  conclusion: Conclusion | null;
  startedAt: string | null;
  completedAt: string | null;
}

export interface Run {
  readonly id: number;
  readonly number: number;
  readonly checkSuiteId: number;
  readonly workflow: WorkflowRecord;
  readonly event: 'push' | 'workflow_dispatch';
  readonly headSha: string;
  readonly headBranch: string;
  readonly title: string;
  readonly actor: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly createdAt: string;
  updatedAt: string;
  startedAt: string;
  status: Status;
  conclusion: Conclusion | null;
  attempt: number;
  triggeringActor: string;
  /** Of all attempts, oldest first. */
  readonly jobs: Job[];
  /** Cancels the attempt that is under way. */
  cancel: AbortController;
}
