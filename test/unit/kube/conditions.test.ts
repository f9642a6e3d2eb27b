import { describe, expect, it } from 'vitest';
import {
  type Condition,
  isConditionTrue,
  removeCondition,
  setCondition,
  setReadiness,
} from '../../../controller/kube/conditions.ts';
import { conditionViolations } from '../../helpers/condition-invariants.ts';

const first = new Date('2026-01-01T00:00:00.123Z');
const later = new Date('2026-01-02T00:00:00Z');
const wanted = { type: 'Ready', status: 'False', reason: 'Sweeping', message: 'looking' } as const;

describe('setCondition', () => {
  it('writes the time of a new condition in whole seconds', () => {
    expect(setCondition(undefined, wanted, first)).toEqual([{ ...wanted, lastTransitionTime: '2026-01-01T00:00:00Z' }]);
  });

  it('keeps the time while the status stays, also when reason and message change', () => {
    const before = setCondition([], wanted, first);
    const [after] = setCondition(before, { ...wanted, reason: 'Acting' }, later);
    expect(after).toMatchObject({ reason: 'Acting', lastTransitionTime: '2026-01-01T00:00:00Z' });
  });

  it('takes a new time when the status changes', () => {
    const before = setCondition([], wanted, first);
    const [after] = setCondition(before, { ...wanted, status: 'True' }, later);
    expect(after?.lastTransitionTime).toBe('2026-01-02T00:00:00Z');
  });

  it('answers the very same array when nothing changes', () => {
    const before = setCondition([], wanted, first);
    expect(setCondition(before, { ...wanted }, later)).toBe(before);
    expect(removeCondition(before, 'Other')).toBe(before);
  });

  it('leaves the others alone', () => {
    const other: Condition = { ...wanted, type: 'Mine', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const after = setCondition([other], wanted, later);
    expect(after[0]).toBe(other);
    expect(after).toHaveLength(2);
  });
});

describe('setReadiness', () => {
  it('goes from Reconciling to Stalled to Ready and leaves no stale condition behind', () => {
    const reconciling = setReadiness([], { state: 'Reconciling', reason: 'Sweeping', message: '' }, 1, first);
    expect(reconciling.map(({ type, status }) => `${type}=${status}`)).toEqual(['Ready=False', 'Reconciling=True']);
    const stalled = setReadiness(reconciling, { state: 'Stalled', reason: 'BadInput', message: '' }, 1, later);
    expect(stalled.map(({ type, status }) => `${type}=${status}`)).toEqual(['Ready=False', 'Stalled=True']);
    expect(stalled[0]?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
    const ready = setReadiness(stalled, { state: 'Ready', reason: 'Fixed', message: '' }, 2, later);
    expect(ready).toMatchObject([{ type: 'Ready', status: 'True', observedGeneration: 2 }]);
    expect(isConditionTrue(ready, 'Ready')).toBe(true);
    for (const conditions of [reconciling, stalled, ready]) expect(conditionViolations(conditions, 2)).toEqual([]);
  });
});

describe('the checker of invariants', () => {
  const condition = (type: string, status: Condition['status'], more: Partial<Condition> = {}): Condition => ({
    type,
    status,
    reason: 'Because',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
    observedGeneration: 1,
    ...more,
  });
  const broken: [what: string, conditions: Condition[]][] = [
    ['Ready is missing', []],
    ['Ready is True beside Stalled', [condition('Ready', 'True'), condition('Stalled', 'True')]],
    [
      'Reconciling and Stalled are both True',
      [condition('Ready', 'False'), condition('Reconciling', 'True'), condition('Stalled', 'True')],
    ],
    ['Stalled is present and not True', [condition('Ready', 'True'), condition('Stalled', 'False')]],
    ['Ready is there twice', [condition('Ready', 'True'), condition('Ready', 'True')]],
    ['the reason of Ready is not CamelCase', [condition('Ready', 'True', { reason: 'not camel' })]],
    ['Ready saw a generation that is yet to come', [condition('Ready', 'True', { observedGeneration: 3 })]],
    ['the time of Ready is not RFC 3339', [condition('Ready', 'True', { lastTransitionTime: 'yesterday' })]],
    ['Ready is not True and neither Reconciling nor Stalled says why', [condition('Ready', 'False')]],
  ];
  it.each(broken)('finds that %s', (what, conditions) => {
    expect(conditionViolations(conditions, 2)).toEqual([what]);
  });
});
