import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { NetworkPolicy } from '../../../../controller/sandbox/job/kinds.ts';
import { leadsTo, missingOf, type Way } from '../../../../controller/sandbox/job/way-to-hosts.ts';

const shipped = join(import.meta.dirname, '../../../../manifests/sandbox/hosts/policy.yaml');
const way: Way = { namespace: 'threehops-system', address: '10.0.0.7', port: 8095 };

/** What is shipped, changed by its text. */
const policy = (find = '', replaced = ''): NetworkPolicy => {
  const text = readFileSync(shipped, 'utf8');
  expect(text).toContain(find);
  return load(text.replace(find, replaced)) as NetworkPolicy;
};

/** What is shipped, its rule changed. */
const changed = (change: (spec: Spec) => void): NetworkPolicy => {
  const made = policy() as { readonly spec: Spec };
  change(made.spec);
  return made as NetworkPolicy;
};
interface Spec {
  podSelector: object;
  policyTypes: string[];
  ingress?: object[];
  egress: { to?: Peer[]; ports?: object[] }[];
}
interface Peer {
  namespaceSelector?: object;
  podSelector?: object;
  ipBlock?: object;
}
const peerOf = (spec: Spec): Peer => spec.egress[0]?.to?.[0] ?? {};

test('the policy that is shipped is the way, and the way alone', () => {
  expect(leadsTo(way, policy())).toBe(true);
  expect(missingOf(way, [policy()], 'ns')).toBeUndefined();
});

test.each<[string, NetworkPolicy]>([
  ['another port', policy('port: 8095', 'port: 8090')],
  ['a range of ports', policy('port: 8095', 'port: 8095\n          endPort: 9000')],
  ['a port by its name', policy('port: 8095', 'port: checks')],
  ['datagrams', policy('protocol: TCP', 'protocol: UDP')],
  ['another namespace', policy('threehops-system', 'kube-system')],
  ['other Pods', policy('app.kubernetes.io/name: threehops', 'app.kubernetes.io/name: other')],
  ['some Pods alone', policy('podSelector: {}', 'podSelector: {matchLabels: {a: b}}')],
  ['a way in beside it', changed((spec) => Object.assign(spec, { ingress: [{}] }))],
  ['both ways', policy('[Egress]', '[Ingress, Egress]')],
  ['all ports', changed((spec) => delete spec.egress[0]?.ports)],
  ['a second port', changed((spec) => spec.egress[0]?.ports?.push({ protocol: 'UDP', port: 53 }))],
  ['everybody', changed((spec) => delete spec.egress[0]?.to)],
  ['a second peer', changed((spec) => spec.egress[0]?.to?.push({ ipBlock: { cidr: '10.0.0.0/8' } }))],
  ['a second rule', changed((spec) => spec.egress.push({}))],
  ['all Pods of the namespace', changed((spec) => delete peerOf(spec).podSelector)],
  ['all Pods by an empty selector', changed((spec) => (peerOf(spec).podSelector = {}))],
  ['all namespaces', changed((spec) => (peerOf(spec).namespaceSelector = {}))],
  ['its own namespace', changed((spec) => delete peerOf(spec).namespaceSelector)],
  [
    'Pods by expressions too',
    changed((spec) => Object.assign(peerOf(spec).podSelector ?? {}, { matchExpressions: [{}] })),
  ],
  ['addresses', changed((spec) => Object.assign(peerOf(spec), { ipBlock: { cidr: '10.0.0.7/32' } }))],
  ['no rule', { metadata: { name: 'none' } }],
  ['nothing at all', changed((spec) => (spec.egress = []))],
])('a policy with %s is not', (_, other) => {
  expect(leadsTo(way, other)).toBe(false);
  expect(missingOf(way, [other], 'ns')).toEqual({
    obstacle: 'NoWayToHosts',
    reason:
      "sandbox.hosts names hosts, and no NetworkPolicy of ns lets all Pods reach TCP port 8095 of the operator's in threehops-system and nothing else: apply manifests/sandbox/hosts",
  });
});

test('the operator’s own namespace and port count, not those that are shipped', () => {
  const elsewhere = { ...way, namespace: 'platform', port: 3128 };
  expect(leadsTo(elsewhere, policy())).toBe(false);
  const fitted = load(readFileSync(shipped, 'utf8').replace('threehops-system', 'platform').replace('8095', '3128'));
  expect(leadsTo(elsewhere, fitted as NetworkPolicy)).toBe(true);
});
