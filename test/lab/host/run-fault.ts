import { setTimeout as delay } from 'node:timers/promises';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { judgementOf, type Fault, type Judgement } from '../faults/fault.ts';
import { openLab, type LabOptions, type OpenLab } from './open-lab.ts';
import { resultOf, type RunResult } from './run-result.ts';
import { step, type OnRunEvent } from './run-events.ts';
import { runSession } from './session.ts';

export interface RunOptions extends Omit<LabOptions, 'tell'> {
  readonly tell?: OnRunEvent;
  readonly mode?: 'Diagnose' | 'Propose' | 'Fix';
  /** Looks at the lab, or keeps it, between the result and the end; the lab is closed when it resolves. */
  readonly afterwards?: (open: OpenLab, result: RunResult) => Promise<void>;
  /** How long after a Fixed it is judged; 30 by default. */
  readonly judgeAfterSeconds?: number;
}

/** One fault from an empty machine to a judged end: brings the lab up broken, lets a session work, judges from outside. */
export async function runFault(fault: Fault, options: RunOptions): Promise<RunResult> {
  const { tell = () => undefined } = options;
  const open = await openLab(fault, { ...options, tell });
  try {
    const result = await runInLab(open, fault, { ...options, tell });
    await options.afterwards?.(open, result);
    return result;
  } finally {
    await open.close();
  }
}

interface Told extends RunOptions {
  readonly tell: OnRunEvent;
}

async function runInLab(open: OpenLab, fault: Fault, options: Told): Promise<RunResult> {
  const { tell, mode = fault.session.mode ?? 'Fix' } = options;
  const { names } = open;
  const { name, description, session: order } = fault;
  tell({ kind: 'Fault', name, description, symptom: order.symptom, service: names[order.service] });
  const session = await runSession(open, { name, order, mode }, tell);
  const judgement = await judge(open, fault, session, options);
  const result = resultOf({ fault, names, session, judgement, seconds: secondsOf(session) });
  tell({ kind: 'Result', result });
  return result;
}

function secondsOf(session: DebugSession): number {
  const { completedAt, phaseStartedAt } = session.status ?? {};
  const end = completedAt ?? phaseStartedAt ?? session.metadata.creationTimestamp;
  return (Date.parse(end) - Date.parse(session.metadata.creationTimestamp)) / 1000;
}

/** A Fixed must hold for a while before it is believed. */
async function judge(open: OpenLab, fault: Fault, session: DebugSession, options: Told): Promise<Judgement> {
  const { judgeAfterSeconds = 30, tell } = options;
  return step(tell, 'judge', async (note) => {
    if (session.status?.outcome === 'Fixed') {
      note(`waiting ${judgeAfterSeconds} s, then looking from outside`);
      await delay(judgeAfterSeconds * 1000, undefined, { signal: open.signal });
    }
    note('users’ requests under load');
    const judgement = judgementOf(await fault.healed(open.lab));
    note(judgement.seen);
    return judgement;
  });
}
