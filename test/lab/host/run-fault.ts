import { setTimeout as delay } from 'node:timers/promises';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { judgementOf, type Fault, type Judgement } from '../faults/fault.ts';
import type { ServiceRole } from '../world/names.ts';
import { alertResult, endOfAlerts, sessionOfAlert } from './alert-session.ts';
import { withApprover } from './approver.ts';
import { createCrasher, type CrashMeans, type CrashPlan } from './crash.ts';
import { openLab, type LabOptions, type OpenLab } from './open-lab.ts';
import { resultOf, type Judged, type RunResult } from './run-result.ts';
import { step, type OnRunEvent } from './run-events.ts';
import { followSession, runSession, type Engine } from './session.ts';

export interface RunOptions extends Omit<LabOptions, 'tell' | 'onWrite' | 'alerts'> {
  readonly tell?: OnRunEvent;
  readonly mode?: 'Diagnose' | 'Propose' | 'Fix';
  /** Which engine reasons; Causal without it. */
  readonly engine?: Engine;
  /** Nobody asks for the session: an alert opens it. */
  readonly fromAlert?: boolean;
  /** Looks at the broken lab before the session begins. */
  readonly beforehand?: (open: OpenLab) => Promise<void>;
  /** Looks at the lab, or keeps it, between the result and the end; the lab is closed when it resolves. */
  readonly afterwards?: (open: OpenLab, result: RunResult) => Promise<void>;
  /** Kills the operator at one of its outside writes, and starts it again. */
  readonly crash?: CrashPlan;
  /** A session that has not ended by then fails the run; 900 by default. */
  readonly sessionSeconds?: number;
  /** How long after a Fixed it is judged; 30 by default. */
  readonly judgeAfterSeconds?: number;
}

/** One fault from an empty machine to a judged end: brings the lab up broken, lets a session work, judges from outside. */
export async function runFault(fault: Fault, options: RunOptions): Promise<RunResult> {
  const { tell = () => undefined } = options;
  const crasher = createCrasher(options.crash);
  const wanted = wantedOf(fault, options);
  const alerts = options.fromAlert === true ? { alerts: { mode: wanted.mode, reasoner: wanted.engine } } : {};
  const open = await openLab(fault, { ...options, ...alerts, tell, onWrite: crasher.onWrite });
  try {
    await options.beforehand?.(open);
    crasher.arm(crashMeans(open));
    const told = await runInLab(open, fault, { ...options, tell });
    await crasher.settled();
    const { writes, killed } = crasher;
    const result = { ...told, writes, killed };
    tell({ kind: 'Result', result });
    await options.afterwards?.(open, result);
    return result;
  } finally {
    await open.close();
  }
}

const usualSessionSeconds = 900;

interface Told extends RunOptions {
  readonly tell: OnRunEvent;
}

function wantedOf({ session }: Fault, { mode = session.mode ?? 'Fix', engine = 'Causal' }: RunOptions) {
  return { mode, engine };
}

async function runInLab(open: OpenLab, fault: Fault, options: Told): Promise<Judged & Pick<RunResult, 'alert'>> {
  const { fromAlert = false } = options;
  const limit = AbortSignal.timeout((options.sessionSeconds ?? usualSessionSeconds) * 1000);
  const bound: OpenLab = { ...open, signal: AbortSignal.any([open.signal, limit]) };
  const tell = withApprover(bound, fault.approves ?? [], options.tell);
  const session = await (fromAlert
    ? alertedSession(bound, fault, tell)
    : askedSession(bound, fault, { ...options, tell }));
  const [judgement] = await Promise.all([
    judge(open, fault, session, options),
    fromAlert && isFixed(session) ? step(tell, 'alert', (note) => endOfAlerts(open, session, note)) : undefined,
  ]);
  const judged = resultOf({ fault, names: open.names, session, judgement, seconds: secondsOf(session) });
  return fromAlert ? { ...judged, alert: await alertResult(open, session) } : judged;
}

function askedSession(open: OpenLab, fault: Fault, options: Told): Promise<DebugSession> {
  const { name, description, session: order } = fault;
  const { tell } = options;
  tell({ kind: 'Fault', name, description, symptom: order.symptom, service: open.names[order.service] });
  return runSession(open, { name, order, ...wantedOf(fault, options) }, tell);
}

async function alertedSession(open: OpenLab, { name, description }: Fault, tell: OnRunEvent): Promise<DebugSession> {
  const { metadata, spec } = await step(tell, 'alert', (note) => sessionOfAlert(open, note));
  const { description: symptom = '', labels = {} } = spec.symptom ?? {};
  const alert = `${labels['alertname'] ?? ''} opened session ${metadata.name}`;
  tell({ kind: 'Fault', name, description, symptom, service: spec.topologyRef.name, alert });
  return followSession(open, metadata.name, tell);
}

/** While a workflow runs, what reaches ECS is its deploy step's. */
function crashMeans({ operator, lab }: OpenLab): CrashMeans {
  const busy = (role: ServiceRole): boolean => lab.forge.runs(lab.repository(role)).some(isUnderWay);
  return {
    kill: () => operator.kill(),
    start: () => operator.start(),
    isPipeline: (what) => what.startsWith('ecs ') && lab.roles.some(busy),
  };
}

function isUnderWay({ status }: { readonly status: string }): boolean {
  return status !== 'completed';
}

export function secondsOf(session: DebugSession): number {
  const { completedAt, phaseStartedAt } = session.status ?? {};
  const end = completedAt ?? phaseStartedAt ?? session.metadata.creationTimestamp;
  return (Date.parse(end) - Date.parse(session.metadata.creationTimestamp)) / 1000;
}

function isFixed({ status }: DebugSession): boolean {
  return status?.outcome === 'Fixed';
}

/** A Fixed must hold for a while before it is believed. */
async function judge(open: OpenLab, fault: Fault, session: DebugSession, options: Told): Promise<Judgement> {
  const { judgeAfterSeconds = 30, tell } = options;
  return step(tell, 'judge', async (note) => {
    if (isFixed(session)) {
      note(`waiting ${judgeAfterSeconds} s, then looking from outside`);
      await delay(judgeAfterSeconds * 1000, undefined, { signal: open.signal });
    }
    note('users’ requests under load');
    const judgement = judgementOf(await fault.healed(open.lab));
    note(judgement.seen);
    return judgement;
  });
}
