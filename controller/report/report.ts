import type { DebugSession, ServiceTopology } from '../api/kinds.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';

/** What a pull request is written from. */
export interface ReportInput {
  readonly session: DebugSession;
  readonly topology: ServiceTopology;
  /** The evidence of the iteration that ended it. */
  readonly bundle: EvidenceBundle;
  /** The diff of the plan that is proposed; empty where nothing is. */
  readonly diff: string;
  /** True for what an escalation leaves. */
  readonly draft: boolean;
}

/** The texts of a pull request; `file` is the report that is committed where a fix changes nothing else in git. */
export interface ReportTexts {
  readonly title: string;
  readonly body: string;
  readonly file: string;
}
