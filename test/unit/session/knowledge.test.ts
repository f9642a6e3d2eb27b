import { describe, expect, test } from 'vitest';
import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import { passagesFor } from '../../../controller/session/knowledge.ts';
import { loadBundle, type Snapshot } from '../../../controller/session/snapshot.ts';
import { shopTopology, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';

const newWorld = cleanWorlds();
const signal = new AbortController().signal;

type Knowledge = NonNullable<ServiceTopology['spec']['knowledge']>;

interface Asked {
  readonly world: SessionWorld;
  readonly snapshot: Snapshot;
  readonly bundle: EvidenceBundle;
}

/** A session of a map with these documents, which has seen tasks die for want of memory. */
async function diagnosing(knowledge: Knowledge, files: Readonly<Record<string, string>> = {}): Promise<Asked> {
  const story = { ...smallMemory, files: { ...smallMemory.files, ...files } };
  const world = newWorld({ story, topology: { knowledge } });
  await world.untilPhase('Diagnosing');
  const { session, status } = world;
  const snapshot = { session, status, uid: session.metadata.uid, topology: shopTopology({ knowledge }) };
  return { world, snapshot, bundle: await loadBundle(snapshot, world.deps, signal) };
}

function ask({ world, snapshot, bundle }: Asked) {
  return passagesFor(snapshot, world.deps, bundle, signal);
}

const text = '# Tasks\nTasks that die with exit code 137 want more memory.';

describe('documents of a map', () => {
  test('are all keys of a ConfigMap of its namespace, and files of its repository at the base branch', async () => {
    const asked = await diagnosing([{ configMapRef: { name: 'runbooks' } }, { path: 'README.md' }], {
      'README.md': text,
    });
    asked.world.api.configMaps.set('default/runbooks', { 'b.md': text, 'a.md': 'Nothing of it.' });
    asked.world.api.configMaps.set('elsewhere/runbooks', { 'c.md': text });
    const { passages, gaps } = await ask(asked);
    const sha = asked.world.outside.repository.main.slice(0, 12);
    expect(passages.map(({ source }) => source)).toEqual([
      'ConfigMap runbooks/b.md, Tasks',
      `acme/shop@${sha} README.md, Tasks`,
    ]);
    expect(passages[0]?.text).toBe('Tasks that die with exit code 137 want more memory.');
    expect(gaps).toEqual([]);
  });

  test('that are missing or cannot be read are gaps, and the others are read all the same', async () => {
    const asked = await diagnosing([
      { configMapRef: { name: 'gone' } },
      { configMapRef: { name: 'forbidden' } },
      { path: 'docs/gone.md' },
      { configMapRef: { name: 'runbooks' } },
    ]);
    asked.world.api.configMaps.set('default/runbooks', { 'a.md': text });
    const { documents } = asked.world.deps;
    asked.world.deps = {
      ...asked.world.deps,
      documents: {
        configMap: (namespace, name, aborted) =>
          name === 'forbidden'
            ? Promise.reject(new Error('not allowed'))
            : documents.configMap(namespace, name, aborted),
      },
    };
    const { passages, gaps } = await ask(asked);
    expect(passages).toHaveLength(1);
    expect(gaps).toEqual([
      'ConfigMap gone: there is none',
      'ConfigMap forbidden: it could not be read: not allowed',
      'docs/gone.md: there is none',
    ]);
  });

  test('are redacted, and cut where they are too long', async () => {
    const secret = ['hunter', '2', 'x'.repeat(8)].join('');
    const asked = await diagnosing([{ configMapRef: { name: 'runbooks' } }]);
    const long = `# Tasks\nexit code 137\npassword: ${secret}\n${'# Filler\nwords\n'.repeat(20_000)}# End\nexit code 137 at the end`;
    asked.world.api.configMaps.set('default/runbooks', { 'a.md': long });
    const { passages, gaps } = await ask(asked);
    expect(passages[0]?.text).toContain('exit code 137');
    expect(JSON.stringify(passages)).not.toContain(secret);
    expect(JSON.stringify(passages)).not.toContain('at the end');
    expect(gaps).toEqual(['ConfigMap runbooks/a.md: only its first 200 KiB were read']);
  });

  test('are read within bounds', async () => {
    const asked = await diagnosing([{ configMapRef: { name: 'runbooks' } }]);
    const keys = Array.from({ length: 10 }, (_, index) => [`${index}.md`, 'words '.repeat(20_000)]);
    asked.world.api.configMaps.set('default/runbooks', Object.fromEntries(keys) as Record<string, string>);
    expect((await ask(asked)).gaps).toEqual(['6 more documents of the maps were not read']);
  });

  test('are those of other maps too, where something of theirs is ill', async () => {
    const asked = await diagnosing([]);
    const { bundle, snapshot, world } = asked;
    const knowledge = [{ configMapRef: { name: 'runbooks' } }];
    world.api.configMaps.set('default/runbooks', { 'a.md': text });
    const other: ServiceTopology = {
      ...shopTopology({ service: 'depot', knowledge, self: [], downstream: [] }),
      metadata: { ...snapshot.topology.metadata, name: 'depot', uid: 'topology-2' },
    };
    world.api.topologies.set('default/depot', other);
    const { downstream = [], ...spec } = snapshot.topology.spec;
    const topology = {
      ...snapshot.topology,
      spec: { ...spec, downstream: downstream.map((node) => ({ ...node, topologyRef: { name: 'depot' } })) },
    };
    const owned = (owner: string): EvidenceBundle => ({
      ...bundle,
      graph: { ...bundle.graph, nodes: bundle.graph.nodes.map((node) => ({ ...node, topology: owner })) },
    });
    const passages = async (owner: string) =>
      (await passagesFor({ ...snapshot, topology }, world.deps, owned(owner), signal)).passages;
    expect(await passages('default/shop')).toEqual([]);
    expect(await passages('default/depot')).toHaveLength(1);
  });

  test('are not waited for once the session is stopped', async () => {
    const asked = await diagnosing([{ path: 'README.md' }]);
    const stopped = AbortSignal.abort(new Error('stopped'));
    const failing = { ...asked.world.deps, documents: asked.world.deps.documents };
    failing.source.head = () => Promise.reject(new Error('aborted'));
    await expect(passagesFor(asked.snapshot, failing, asked.bundle, stopped)).rejects.toThrow('stopped');
  });
});
