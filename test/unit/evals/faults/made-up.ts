import type { Broke, Ran } from '../../../evals/faults/journal.ts';

const entry = {
  engine: 'Causal',
  form: 'plain',
  fault: 'small-memory',
  commit: 'abc',
  at: '2026-01-01T00:00:00Z',
} as const;

/** How a session ends that did all well. */
export const ended: Ran['told']['result'] = {
  phase: 'Succeeded',
  outcome: 'Fixed',
  rootCause: null,
  iterations: 1,
  pullRequest: null,
  history: [],
  healed: true,
  seen: '',
  usage: {},
  seconds: 30,
  causeIsTrue: true,
  asExpected: true,
};

/** A session that did all well, but for these changes. */
export function ran(changes: Partial<Ran> = {}): Ran {
  return {
    ...entry,
    state: 'Ran',
    outcome: 'Fixed',
    expected: 'Fixed',
    asExpected: true,
    seen: '40 requests: 40 x 201; p95 90 ms',
    causeAt1: true,
    firstAt1: true,
    causeAt3: true,
    trueKinds: ['aws-ecs.MemoryTooLow'],
    named: 'aws-ecs.MemoryTooLow',
    rightFix: true,
    acts: ['aws-ecs.update-task-definition'],
    uselessActs: [],
    falseActs: [],
    couldAct: true,
    byOthers: 0,
    iterations: 1,
    seconds: 30,
    tokens: 0,
    wallSeconds: 60,
    load: 3,
    told: { result: ended, diagnoses: [] },
    ...changes,
  };
}

export function broke(changes: Partial<Broke> = {}): Broke {
  return { ...entry, state: 'Broke', message: 'the gateway never came up', ...changes };
}
