import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import type { Fault } from '../../lab/faults/fault.ts';
import { fault as smallMemory } from '../../lab/faults/small-memory.ts';
import { exitCodeOf, resultOf } from '../../lab/host/run-result.ts';
import { plainNames } from '../../lab/world/names.ts';

const metadata = {
  name: 'small-memory',
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
};

function result(status: NonNullable<DebugSession['status']>, healed = true, fault: Fault = smallMemory) {
  const session: DebugSession = {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'DebugSession',
    metadata,
    spec: {
      topologyRef: { name: 'payments-api' },
      mode: 'Fix',
      reasoner: 'Causal',
      suspend: false,
      cancel: false,
      grantIterations: 0,
    },
    status,
  };
  return resultOf({ fault, names: plainNames, session, judgement: { healed, seen: '' }, seconds: 31.26 });
}

const rootCause = { node: 'payments-api/ecs', kind: 'aws-ecs.MemoryTooLow' };

describe('the result of a run', () => {
  test('a fix that holds, for the true cause', () => {
    const fixed = result({ phase: 'Succeeded', outcome: 'Fixed', iteration: 1, diagnosis: { rootCause } });
    expect(fixed).toMatchObject({ outcome: 'Fixed', rootCause, causeIsTrue: true, asExpected: true, seconds: 31.3 });
    expect(exitCodeOf(fixed)).toBe(0);
  });

  test('a Fixed that did not heal fails the run', () => {
    const unhealed = result({ phase: 'Succeeded', outcome: 'Fixed' }, false);
    expect(unhealed.asExpected).toBe(false);
    expect(exitCodeOf(unhealed)).toBe(1);
  });

  test('a Fixed whose alert is not over, or that is not alone, fails the run', () => {
    const fixed = result({ phase: 'Succeeded', outcome: 'Fixed', iteration: 1, diagnosis: { rootCause } });
    const alert = { alerts: [], sessions: 1, resolved: true };
    expect(exitCodeOf({ ...fixed, alert })).toBe(0);
    expect(exitCodeOf({ ...fixed, alert: { ...alert, resolved: false } })).toBe(1);
    expect(exitCodeOf({ ...fixed, alert: { ...alert, sessions: 2 } })).toBe(1);
  });

  test('waiting for a person is Escalated, which no outcome of a session says', () => {
    const escalated = result({ phase: 'Escalated', iteration: 2 }, false);
    expect(escalated).toMatchObject({ phase: 'Escalated', outcome: 'Escalated', iterations: 2 });
    expect(exitCodeOf(escalated)).toBe(4);
  });

  test.each([
    ['NoFaultFound', 3],
    ['Diagnosed', 5],
    ['Proposed', 5],
    ['Inconclusive', 6],
    ['Expired', 1],
    ['Error', 1],
  ] as const)('%s ends with code %i', (outcome, code) => {
    expect(exitCodeOf(result({ phase: 'Failed', outcome }))).toBe(code);
  });
});
