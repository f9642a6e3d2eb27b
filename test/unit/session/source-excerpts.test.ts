import { describe, expect, test } from 'vitest';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import type { Change, LogTemplate } from '../../../controller/evidence/finding.ts';
import { loadBundle, type Snapshot } from '../../../controller/session/snapshot.ts';
import { excerptsFor } from '../../../controller/session/source-excerpts.ts';
import { shopTopology, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';
import type { SessionWorld } from '../../helpers/session-world.ts';

const newWorld = cleanWorlds();
const signal = new AbortController().signal;
const secret = ['hunter', '2', 'x'.repeat(8)].join('');
const files = {
  'src/batch.js': `line 1\nconst password = '${secret}';\nline 3`,
  'src/pool.js': 'export const limit = 5;\n',
};
const at = '2026-01-01T00:00:00Z';

const complaint: LogTemplate = {
  template: 'Error: out of memory',
  level: 'Error',
  count: 3,
  firstAt: at,
  lastAt: at,
  sample: 'Error: out of memory\n    at run (/app/src/batch.js:2:7)',
};

const commit = (sha: string, day: number, path: string, repository = 'acme/shop'): Change => ({
  id: sha,
  node: 'shop/code',
  kind: 'Commit',
  at: `2026-01-0${day}T00:00:00Z`,
  summary: 'a commit',
  source: 'get_commit',
  facts: {
    repository,
    sha,
    files: [
      { path, status: 'modified' },
      { path: 'gone.js', status: 'removed' },
    ],
  },
});

interface Asked {
  readonly world: SessionWorld;
  readonly snapshot: Snapshot;
  readonly bundle: EvidenceBundle;
}

/** A session whose code's node has told of these besides what it saw. */
async function diagnosing(
  seen: { readonly logs?: readonly LogTemplate[]; readonly changes?: readonly Change[] },
  more: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const world = newWorld({ story: { ...smallMemory, files: { ...smallMemory.files, ...files, ...more } } });
  await world.untilPhase('Diagnosing');
  const { session, status } = world;
  const bundle = await loadBundle(
    { session, status, uid: session.metadata.uid, topology: shopTopology() },
    world.deps,
    signal,
  );
  const nodes = bundle.nodes.map((node) =>
    node.node === 'shop/code' ? { ...node, logTemplates: seen.logs ?? [], changes: seen.changes ?? [] } : node,
  );
  return {
    world,
    snapshot: { session, status, uid: session.metadata.uid, topology: shopTopology() },
    bundle: { ...bundle, nodes },
  };
}

const excerpts = ({ world, snapshot, bundle }: Asked) => excerptsFor(snapshot, world.deps, bundle, signal);

describe('the source that the evidence points at', () => {
  test('is where a trace says, and what the newest commit of the map’s repository changed, redacted', async () => {
    const changes = [
      commit('aaaaaaaa', 1, 'config.json'),
      commit('bbbbbbbb', 2, 'src/pool.js'),
      commit('cccccccc', 3, 'config.json', 'acme/other'),
    ];
    const asked = await diagnosing({ logs: [complaint], changes });
    const { passages, gaps } = await excerpts(asked);
    const sha = asked.world.outside.repository.main.slice(0, 12);
    expect(passages.map(({ source }) => source)).toEqual([
      `acme/shop@${sha} src/batch.js:1, in the stack trace at /app/src/batch.js:2`,
      `acme/shop@${sha} src/pool.js:1, changed by bbbbbbb`,
    ]);
    expect(passages[0]?.text).toContain('line 3');
    expect(JSON.stringify(passages)).not.toContain(secret);
    expect(gaps).toEqual([]);
  });

  test('has no half of a private key, wherever it is cut', async () => {
    const body = Array.from({ length: 60 }, (_, line) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC${line}`);
    const label = ['PRIVATE', 'KEY'].join(' ');
    const text = [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`, ...Array(80).fill('words')].join('\n');
    const sample = 'Error: x\n    at run (/app/src/key.js:70:7)';
    const asked = await diagnosing({ logs: [{ ...complaint, sample }] }, { 'src/key.js': text });
    const { passages } = await excerpts(asked);
    expect(passages).toHaveLength(1);
    expect(JSON.stringify(passages)).not.toContain('MIIEvQIBADAN');
  });

  test('is not read where nothing points at it', async () => {
    const asked = await diagnosing({ logs: [{ ...complaint, level: 'Info' }] });
    asked.world.deps.source.head = () => Promise.reject(new Error('nobody asks'));
    expect(await excerpts(asked)).toEqual({ passages: [], gaps: [] });
  });

  test('is a gap where it is not there, or the repository cannot be read', async () => {
    const asked = await diagnosing({ changes: [commit('aaaaaaaa', 1, 'src/none.js')] });
    expect((await excerpts(asked)).gaps).toEqual([
      expect.stringMatching(/source that was not shown: src\/none.js: not found$/),
    ]);
    asked.world.deps.source.head = () => Promise.reject(new Error('the forge is away'));
    expect((await excerpts(asked)).gaps).toEqual([
      expect.stringMatching(/^acme\/shop: its source could not be read: .*the forge is away/),
    ]);
  });

  test('is not waited for once the session is stopped', async () => {
    const { world, snapshot, bundle } = await diagnosing({ logs: [complaint] });
    world.deps.source.head = () => Promise.reject(new Error('aborted'));
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(excerptsFor(snapshot, world.deps, bundle, stopped)).rejects.toThrow('stopped');
  });
});
