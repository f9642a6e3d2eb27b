import { expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../../controller/sandbox/job/kinds.ts';
import { gapOf } from '../../../../controller/sandbox/job/obstacles.ts';

const policy = (name: string, spec: NonNullable<NetworkPolicy['spec']>): NetworkPolicy => ({
  metadata: { name },
  spec,
});
const all = policy('deny-all', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

test.each<[string, readonly NetworkPolicy[], string | undefined]>([
  ['one for both ways', [all], undefined],
  [
    'one for each way',
    [
      policy('in', { podSelector: {}, policyTypes: ['Ingress'], ingress: [] }),
      policy('out', { podSelector: {}, policyTypes: ['Egress'], egress: [] }),
    ],
    undefined,
  ],
  ['none', [], 'no NetworkPolicy of ns denies all Pods all ingress'],
  [
    'one for what comes in alone',
    [policy('in', { podSelector: {}, policyTypes: ['Ingress'] })],
    'no NetworkPolicy of ns denies all Pods all egress',
  ],
  [
    'one for some Pods',
    [policy('some', { podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Ingress', 'Egress'] })],
    'no NetworkPolicy of ns denies all Pods all ingress',
  ],
  [
    'one for Pods that are told by an expression',
    [policy('some', { podSelector: { matchExpressions: [{}] }, policyTypes: ['Ingress', 'Egress'] })],
    'no NetworkPolicy of ns denies all Pods all ingress',
  ],
  [
    'a way out beside it',
    [all, policy('dns', { podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Egress'], egress: [{}] })],
    'the NetworkPolicy dns of ns allows traffic',
  ],
  [
    'a way in beside it',
    [all, policy('in', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] })],
    'the NetworkPolicy in of ns allows traffic',
  ],
])('%s', (_, policies, gap) => {
  expect(gapOf(policies, 'ns')).toBe(gap);
});
