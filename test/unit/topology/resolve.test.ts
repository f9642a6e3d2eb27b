import { describe, expect, test } from 'vitest';
import type { ServiceTopology, TopologyNode } from '../../../controller/api/kinds.ts';
import { MAX_NODES, resolveGraph } from '../../../controller/topology/resolve.ts';
import { MAX_HOPS } from '../../../controller/topology/references.ts';
import type { TopologySource } from '../../../controller/topology/resolved.ts';
import { topologyStatus, type LastSweep } from '../../../controller/topology/topology-status.ts';
import type { Skill } from '../../../skills/skill.ts';
import { conditionViolations } from '../../helpers/condition-invariants.ts';
import { crdCheck } from '../../helpers/session/crd-schema.ts';

const skill: Skill = {
  id: 'page',
  title: 'page',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: { url: { type: 'string' }, samples: { type: 'integer', default: 3 } },
  },
  server: 'page',
  tools: { read: [], write: [] },
  identity: ({ url }) => (typeof url === 'string' ? url : undefined),
  probe: () => Promise.reject(new Error('not here')),
  checks: [],
  actions: [],
  remedies: [],
};
const skills = new Map([['page', skill]]);

type Spec = Partial<ServiceTopology['spec']>;

function map(name: string, spec: Spec = {}, namespace = 'a'): ServiceTopology {
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'ServiceTopology',
    metadata: {
      name,
      namespace,
      uid: `${namespace}/${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { service: name, ...spec },
  };
}

function node(name: string, more: Partial<TopologyNode> = {}): TopologyNode {
  return { name, type: 'http', skill: 'page', ...more };
}

function sourceOf(maps: readonly ServiceTopology[]): TopologySource {
  const refers = (from: ServiceTopology, namespace: string, name: string): boolean =>
    [...(from.spec.self ?? []), ...(from.spec.upstream ?? []), ...(from.spec.downstream ?? [])].some(
      ({ topologyRef: ref }) => ref?.name === name && (ref.namespace ?? from.metadata.namespace) === namespace,
    );
  return {
    get: (namespace, name) => maps.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
    referrers: (namespace, name) => maps.filter((from) => refers(from, namespace, name)),
  };
}

function resolve(root: ServiceTopology, ...others: readonly ServiceTopology[]) {
  return resolveGraph(root, sourceOf([root, ...others]), skills);
}

const edgesOf = (resolved: ReturnType<typeof resolve>) =>
  resolved.graph.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`);

describe('a map becomes a graph', () => {
  test('each list has its own direction; a queue feeds, a store is stored in', () => {
    const resolved = resolve(
      map('shop', {
        self: [node('compute')],
        upstream: [node('gateway'), node('jobs', { type: 'queue' })],
        downstream: [node('db', { type: 'db' }), node('events', { type: 'queue' }), node('mail')],
      }),
    );
    expect(edgesOf(resolved)).toEqual([
      'shop ConsistsOf shop/compute',
      'shop/gateway Calls shop',
      'shop/jobs ConsumedBy shop',
      'shop StoresIn shop/db',
      'shop Feeds shop/events',
      'shop Calls shop/mail',
    ]);
    expect(resolved.gaps).toEqual([]);
  });

  test('defaults are filled in, and bad parameters are a gap that names the field', () => {
    const resolved = resolve(map('shop', { self: [node('good', { with: {} }), node('bad', { with: { sample: 3 } })] }));
    expect(resolved.targets).toMatchObject([{ node: 'shop/good', with: { samples: 3 } }]);
    expect(resolved.gaps).toMatchObject([
      { node: 'shop/bad', reason: 'with: must NOT have additional properties ("sample")' },
    ]);
  });

  test('an unknown skill is a gap, and the node stays in the graph', () => {
    const resolved = resolve(map('shop', { self: [node('x', { skill: 'nobody' })] }));
    expect(resolved.gaps).toMatchObject([{ node: 'shop/x', reason: 'unknown skill nobody' }]);
    expect(resolved.graph.nodes.map(({ id }) => id)).toEqual(['shop', 'shop/x']);
  });

  test('the same thing in two maps is one node, listed by both, the first its owner', () => {
    const url = 'http://mail';
    const first = map('shop', { downstream: [node('mail', { with: { url }, topologyRef: { name: 'mail' } })] });
    const second = map('mail', { self: [node('page', { with: { url } })] });
    const resolved = resolve(first, second);
    expect(resolved.graph.nodes.find(({ id }) => id === 'shop/mail')).toMatchObject({ listedBy: ['a/shop', 'a/mail'] });
    expect(resolved.targets).toHaveLength(1);
  });

  test('references are followed both ways, and cycles end', () => {
    const one = map('one', { downstream: [node('two', { topologyRef: { name: 'two' } })] });
    const two = map('two', { downstream: [node('one', { topologyRef: { name: 'one' } })] });
    const caller = map('caller', { downstream: [node('one', { topologyRef: { name: 'one' } })] });
    expect([...resolve(one, two, caller).topologies.keys()]).toEqual(['a/one', 'a/two', 'a/caller']);
  });

  test(`beyond ${MAX_HOPS} hops nothing is followed, and that is said`, () => {
    const chain = Array.from({ length: 9 }, (_, index) =>
      map(`m${index}`, { downstream: [node('next', { topologyRef: { name: `m${index + 1}` } })] }),
    );
    const [root, ...others] = [...chain, map('m9')];
    if (root === undefined) throw new Error('there is no root');
    const resolved = resolve(root, ...others);
    expect([...resolved.topologies.keys()]).toEqual(['a/m0', 'a/m1', 'a/m2', 'a/m3', 'a/m4', 'a/m5']);
    expect(resolved.gaps).toMatchObject([{ what: 'maps more than 5 hops away', reason: 'not followed: a/m6' }]);
  });

  test(`beyond ${MAX_NODES} nodes it is cut, and that is said`, () => {
    const crowd = (name: string) =>
      map(name, {
        downstream: Array.from({ length: 100 }, (_, index) => node(`n${index}`)),
        self: [node('peer', { topologyRef: { name: 'm1' } })],
      });
    const resolved = resolve(crowd('m0'), crowd('m1'), crowd('m2'), crowd('m3'));
    expect(resolved.graph.nodes).toHaveLength(MAX_NODES);
    expect(resolved.gaps.some(({ reason }) => reason.includes('is cut at 300 nodes'))).toBe(true);
  });

  test('another namespace is joined only where it shares itself, and is not told from one that is not there', () => {
    const root = map('shop', { downstream: [node('mail', { topologyRef: { name: 'mail', namespace: 'b' } })] });
    const mine = { service: 'mail', self: [node('page')] };
    const hidden = resolve(root, map('mail', mine, 'b'));
    const nowhere = resolve(root);
    expect(hidden.gaps).toEqual(nowhere.gaps);
    expect(hidden.topologies.size).toBe(1);
    const shared = resolve(root, map('mail', { ...mine, sharedWith: [{ namespace: 'a', access: 'Findings' }] }, 'b'));
    expect([...shared.topologies.keys()]).toEqual(['a/shop', 'b/mail']);
  });

  test('a map of another namespace is not let in by referring to one that is not shared with it', () => {
    const open = [{ namespace: 'a', access: 'Act' }] as const;
    const intruder = map(
      'intruder',
      { sharedWith: [...open], downstream: [node('shop', { topologyRef: { name: 'shop', namespace: 'a' } })] },
      'b',
    );
    const shop = { downstream: [node('mail')] };
    expect([...resolve(map('shop', shop), intruder).topologies.keys()]).toEqual(['a/shop']);
    const sharing = map('shop', { ...shop, sharedWith: [{ namespace: 'b', access: 'Findings' }] });
    expect([...resolve(sharing, intruder).topologies.keys()]).toEqual(['a/shop', 'b/intruder']);
  });

  test('three maps about services of one name are three services', () => {
    const named = (name: string, spec: Spec = {}) => map(name, { service: 'shop', self: [node('page')], ...spec });
    const refs = ['second', 'third'].map((name) => node(name, { topologyRef: { name } }));
    const resolved = resolve(named('first', { downstream: refs }), named('second'), named('third'));
    expect([...resolved.services.values()]).toEqual(['shop', 'a.shop', 'a.third.shop']);
    expect(resolved.graph.nodes.filter(({ role }) => role === 'Service')).toHaveLength(3);
    expect(resolved.targets.map(({ node: id }) => id)).toEqual(
      expect.arrayContaining(['shop/page', 'a.shop/page', 'a.third.shop/page']),
    );
  });
});

describe('what a map is told', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const check = crdCheck('servicetopologies');
  const statusOf = (root: ServiceTopology, ...others: readonly ServiceTopology[]) => {
    const status = topologyStatus(root, resolve(root, ...others), undefined, now);
    expect(check({ ...root, status })).toEqual([]);
    expect(conditionViolations(status.conditions, 1)).toEqual([]);
    return status;
  };
  const said = (status: ReturnType<typeof statusOf>) => status.conditions?.find(({ type }) => type === 'Stalled');

  test('a whole one is Ready', () => {
    const status = statusOf(map('shop', { self: [node('page')] }));
    expect(status.conditions).toMatchObject([{ type: 'Ready', status: 'True', reason: 'Resolved' }]);
    expect(status.nodeCount).toBe(2);
  });

  test('an incomplete one is told each node with all that it lacks', () => {
    const broken = node('mail', { skill: 'nobody', topologyRef: { name: 'nowhere' } });
    const status = statusOf(map('shop', { self: [node('page')], downstream: [broken] }));
    expect(said(status)).toMatchObject({ reason: 'NodesIncomplete' });
    expect(said(status)?.message).toContain('node mail: ');
    expect(said(status)?.message).toContain('ServiceTopology a/nowhere does not exist or is not shared');
    expect(said(status)?.message).toContain('unknown skill nobody');
  });

  test('one that names a node in two lists has a line for it, which says so', () => {
    const [one, another] = ['http://one', 'http://another'].map((url) => node('x', { with: { url } }));
    if (one === undefined || another === undefined) throw new Error('there are two');
    const status = statusOf(map('shop', { self: [one], downstream: [another] }));
    expect(status.nodes).toMatchObject([{ name: 'x', role: 'Self', problem: expect.stringContaining('used twice') }]);
  });

  test('an empty one is not ready', () => {
    expect(said(statusOf(map('shop')))).toMatchObject({ reason: 'NoNodes' });
  });

  test('the largest one stays within its schema', () => {
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => node(`${prefix}${index}`, { skill: 'nobody' }));
    const status = statusOf(map('shop', { self: many('s', 30), upstream: many('u', 50), downstream: many('d', 100) }));
    expect(status.nodes).toHaveLength(180);
  });

  describe('drift', () => {
    const drifted = ({ conditions }: ReturnType<typeof statusOf>) => conditions?.find(({ type }) => type === 'Drifted');
    const sweepOf = (...undeclared: NonNullable<LastSweep['undeclared']>[number][]): LastSweep => ({
      at: '2026-01-01T00:00:00Z',
      health: new Map(),
      undeclared,
    });
    const mail = { node: 'shop/page', name: 'mail.partner.io:587', role: 'Called' } as const;

    test('is a condition that names all of them, and the map is as Ready as before', () => {
      const root = map('shop', { self: [node('page')] });
      const status = topologyStatus(
        root,
        resolve(root),
        sweepOf(mail, { ...mail, name: 'reporting', role: 'Caller' }),
        now,
      );
      expect(check({ ...root, status })).toEqual([]);
      expect(conditionViolations(status.conditions, 1)).toEqual([]);
      expect(status.conditions).toMatchObject([
        { type: 'Ready', status: 'True', reason: 'Resolved' },
        {
          type: 'Drifted',
          status: 'True',
          reason: 'UndeclaredDependencies',
          message: 'seen and on no map: mail.partner.io:587 (called, by shop/page), reporting (calls shop/page)',
        },
      ]);
    });

    test('ends as soon as the map names them, and when a sweep sees none', () => {
      const root = map('shop', { self: [node('page')] });
      const before = topologyStatus(root, resolve(root), sweepOf(mail), now);
      const declared = map('shop', {
        self: [node('page')],
        downstream: [node('mail', { with: { url: 'smtp://mail' } })],
      });
      expect(
        drifted(topologyStatus({ ...declared, status: before }, resolve(declared), sweepOf(mail), now)),
      ).toBeUndefined();
      expect(drifted(topologyStatus({ ...root, status: before }, resolve(root), sweepOf(), now))).toBeUndefined();
      expect(drifted(topologyStatus({ ...root, status: before }, resolve(root), undefined, now))).toBeUndefined();
    });

    test('of another map’s nodes is that one’s', () => {
      const root = map('shop', { self: [node('page')] });
      const sweep = sweepOf({ ...mail, node: 'ledger/page' });
      expect(drifted(topologyStatus(root, resolve(root), sweep, now))).toBeUndefined();
    });
  });

  test('health comes from the last look', () => {
    const root = map('shop', { self: [node('page')] });
    const sweep = { at: '2026-01-01T00:00:00Z', health: new Map([['shop/page', 'Failing' as const]]) };
    const status = topologyStatus(root, resolve(root), sweep, now);
    expect(status.nodes).toMatchObject([{ name: 'page', health: 'Failing', lastSweepAt: sweep.at }]);
  });
});
