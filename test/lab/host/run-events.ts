import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { ProgressEvent } from '../../../controller/session/progress.ts';
import type { RunResult } from './run-result.ts';

/** What a run tells whoever watches it, in the order in which it happens. One JSON line each between processes. */
export type RunEvent =
  | {
      readonly kind: 'Step';
      readonly name: string;
      readonly state: 'Started' | 'Note' | 'Done';
      readonly message: string;
    }
  /** The fault that is run, as a person should know it. */
  | {
      readonly kind: 'Fault';
      readonly name: string;
      readonly description: string;
      readonly symptom: string;
      readonly service: string;
      /** Of a session that an alert opened: which one. */
      readonly alert?: string;
    }
  /** The session as the API server has it, at every change. */
  | { readonly kind: 'Session'; readonly session: DebugSession }
  | { readonly kind: 'Progress'; readonly event: ProgressEvent }
  | { readonly kind: 'Result'; readonly result: RunResult }
  /** The lab stays up; how to use it and how to end it. */
  | { readonly kind: 'Kept'; readonly lines: readonly string[] }
  | { readonly kind: 'Failed'; readonly message: string };

export type OnRunEvent = (event: RunEvent) => void;

/** Runs a named step and tells when it begins and ends. */
export async function step<T>(
  tell: OnRunEvent,
  name: string,
  work: (note: (line: string) => void) => Promise<T>,
): Promise<T> {
  tell({ kind: 'Step', name, state: 'Started', message: '' });
  const value = await work((message) => tell({ kind: 'Step', name, state: 'Note', message }));
  tell({ kind: 'Step', name, state: 'Done', message: '' });
  return value;
}
