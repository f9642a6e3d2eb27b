import { expect, test } from 'vitest';
import type { ContainerStatus, Pod, Terminated } from '../../../../controller/sandbox/job/kinds.ts';
import { stageOf } from '../../../../controller/sandbox/job/read-pod.ts';

const ended = (name: string, exitCode: number, more: Partial<Terminated> = {}): ContainerStatus => ({
  name,
  state: { terminated: { exitCode, ...more } },
});
const running = (name: string): ContainerStatus => ({ name, state: { running: {} } });
const waiting = (name: string, reason: string, message = ''): ContainerStatus => ({
  name,
  state: { waiting: { reason, message } },
});
const podWith = (status: NonNullable<Pod['status']>, metadata = {}): Pod => ({ metadata, status });
const initialising = waiting('check-2', 'PodInitializing');

test.each<[string, Pod, object]>([
  ['no status yet', podWith({}), { at: 'Starting', why: 'its Pod waits for a node' }],
  [
    'no node with room',
    podWith({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] }),
    { at: 'Starting', why: 'Unschedulable: 0/3 nodes' },
  ],
  [
    'an image that cannot be pulled',
    podWith({ initContainerStatuses: [waiting('prepare', 'ImagePullBackOff', 'no such image')] }),
    { at: 'Starting', why: 'ImagePullBackOff: no such image' },
  ],
  ['unpacking', podWith({ initContainerStatuses: [running('prepare')] }), { at: 'Preparing' }],
  [
    'between two containers',
    podWith({ initContainerStatuses: [ended('prepare', 0), waiting('check-1', 'PodInitializing')] }),
    { at: 'Checking', ended: [] },
  ],
  [
    'the second check',
    podWith({
      initContainerStatuses: [ended('prepare', 0), ended('check-1', 0)],
      containerStatuses: [running('check-2')],
    }),
    { at: 'Checking', ended: [{ exitCode: 0 }] },
  ],
  [
    'all passed',
    podWith({
      phase: 'Succeeded',
      initContainerStatuses: [ended('prepare', 0), ended('check-1', 0)],
      containerStatuses: [ended('check-2', 0)],
    }),
    { at: 'Done', ends: [{ exitCode: 0 }, { exitCode: 0 }] },
  ],
  [
    'all passed, and the Pod deleted after that',
    podWith(
      {
        initContainerStatuses: [ended('prepare', 0), ended('check-1', 0)],
        containerStatuses: [ended('check-2', 0)],
      },
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
    ),
    { at: 'Done' },
  ],
  [
    'the first failed',
    podWith({
      initContainerStatuses: [ended('prepare', 0), ended('check-1', 137, { reason: 'OOMKilled' })],
      containerStatuses: [initialising],
    }),
    { at: 'Done', ends: [{ exitCode: 137, reason: 'OOMKilled' }] },
  ],
  [
    'the network is open',
    podWith({ phase: 'Failed', initContainerStatuses: [ended('prepare', 42, { message: 'reached' })] }),
    { at: 'NotPrepared', end: { exitCode: 42, message: 'reached' } },
  ],
  [
    'more disk than allowed, by a check',
    podWith({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'usage of EmptyDir exceeds the limit',
      initContainerStatuses: [ended('prepare', 0), running('check-1')],
      containerStatuses: [initialising],
    }),
    { at: 'Done', ends: [{ exitCode: 137, reason: 'Evicted', message: 'usage of EmptyDir exceeds the limit' }] },
  ],
  [
    'more disk than allowed, by the tree',
    podWith({ phase: 'Failed', reason: 'Evicted', message: 'too much', initContainerStatuses: [running('prepare')] }),
    { at: 'NotPrepared', end: { exitCode: 137 } },
  ],
  [
    'evicted for the node’s sake',
    podWith({
      phase: 'Failed',
      reason: 'Evicted',
      conditions: [
        { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: 'low on memory' },
      ],
      initContainerStatuses: [ended('prepare', 0), ended('check-1', 137)],
    }),
    { at: 'Lost', why: 'TerminationByKubelet: low on memory' },
  ],
  [
    'deleted by somebody',
    podWith(
      { initContainerStatuses: [ended('prepare', 0), running('check-1')] },
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
    ),
    { at: 'Lost', why: 'its Pod is being deleted' },
  ],
  [
    'refused by the node',
    podWith({ phase: 'Failed', reason: 'OutOfcpu', message: 'node did not have enough' }),
    { at: 'Lost', why: 'its Pod failed: OutOfcpu: node did not have enough' },
  ],
  [
    'a container that could not be started',
    podWith({
      initContainerStatuses: [ended('prepare', 0), ended('check-1', 128, { reason: 'StartError', message: 'no sh' })],
    }),
    { at: 'Lost', why: 'StartError: no sh' },
  ],
  [
    'a node that lost sight of it',
    podWith({
      phase: 'Failed',
      initContainerStatuses: [ended('prepare', 0), ended('check-1', 137, { reason: 'ContainerStatusUnknown' })],
    }),
    { at: 'Lost' },
  ],
])('%s', (_, pod, stage) => {
  expect(stageOf(pod, 2)).toMatchObject(stage);
});
