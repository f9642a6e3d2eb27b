import { expect, test } from 'vitest';
import type { Condition } from '../../../controller/kube/conditions.ts';
import { kstatusOf } from '../../helpers/kstatus.ts';

const condition = (type: string, status: Condition['status']): Condition => ({
  type,
  status,
  reason: 'Said',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const said = (...conditions: Condition[]) => ({
  metadata: { generation: 2 },
  status: { observedGeneration: 2, conditions },
});

test.each([
  ['what says nothing', { metadata: { generation: 1 } }, 'Current'],
  [
    'what is going',
    { ...said(condition('Ready', 'True')), metadata: { generation: 2, deletionTimestamp: 'now' } },
    'Terminating',
  ],
  ['what was changed since', { ...said(condition('Ready', 'True')), metadata: { generation: 3 } }, 'InProgress'],
  ['what was never seen', { metadata: { generation: 1 }, status: { observedGeneration: -1 } }, 'InProgress'],
  ['what is at work', said(condition('Ready', 'False'), condition('Reconciling', 'True')), 'InProgress'],
  ['what is stuck', said(condition('Ready', 'False'), condition('Stalled', 'True')), 'Failed'],
  ['what is not ready', said(condition('Ready', 'False')), 'InProgress'],
  ['what is not known to be', said(condition('Ready', 'Unknown')), 'InProgress'],
  ['what is ready', said(condition('Ready', 'True'), condition('Stalled', 'False')), 'Current'],
  ['what says something else', said(condition('Drifted', 'True')), 'Current'],
] as const)('%s is read as kstatus does', (_, object, expected) => {
  expect(kstatusOf(object)).toBe(expected);
});
