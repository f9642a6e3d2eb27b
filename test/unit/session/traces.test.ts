import { describe, expect, test } from 'vitest';
import { reconcileSession } from '../../../controller/session/reconcile.ts';
import { acceptAnnotation } from '../../../controller/session/traces.ts';
import { TooManyBranches } from '../../../skills/lib/github/branches.ts';
import { settle } from '../../helpers/fake-clock.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { book, hopeless, largeBatch, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { toolFailed } from '../../helpers/session/outside.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

function worldOf(options: Partial<SessionWorldOptions> = {}): SessionWorld {
  return newWorld({ story: smallMemory, ...options });
}

const oldUid = 'beef0001-0000-4000-8000-000000000001';
const oldBranch = 'threehops/broken-beef0001';

/** What a session of this name left before: one commit on its branch, and one of a person on top. */
function leave(
  { outside: { repository } }: SessionWorld,
  { branch = oldBranch, session = 'default/broken', uid = oldUid } = {},
): void {
  const trailers = { 'Threehops-Session': session, 'Threehops-Session-UID': uid };
  const commit = { branch, message: 'More memory', trailers, date: '2025-12-01T00:00:00Z' };
  const { sha } = repository.push({
    ...commit,
    parent: repository.main,
    edits: [{ path: 'deploy/task.json', content: '{}' }],
  });
  repository.push({
    ...commit,
    parent: sha,
    edits: [{ path: 'README.md', content: 'by hand' }],
    message: 'Explain it',
    trailers: {},
  });
}

/** Counts the looks at the repository's branches. */
function looksOf(world: SessionWorld): () => number {
  let looks = 0;
  world.outside.toolFault = (tool) => {
    if (tool === 'branches') looks += 1;
    return undefined;
  };
  return () => looks;
}

const acts = (world: SessionWorld) => world.outside.effects.filter(({ kind }) => kind === 'act');
const code: Partial<SessionWorldOptions> = {
  story: largeBatch,
  book: { OutOfMemory: book['OutOfMemory']?.slice(1) ?? [] },
};
/** Nothing is left to try before anything was done. */
const clueless: Partial<SessionWorldOptions> = { story: hopeless, book: {} };

describe('a session whose name another one had before, and left a branch', () => {
  test.each([
    ['an infra fix', {}],
    ['a code fix', code],
    ['the draft of an escalation', clueless],
  ])('writes nothing outside for %s, holds no lock, and says what to do', async (_, options) => {
    const world = worldOf(options);
    leave(world);
    const before = [...world.outside.repository.branches];
    await world.untilStalled('RestoredObject');
    const writes = world.api.written.length;
    await world.pass(600);
    expect(world.outside.effects).toEqual([]);
    expect([...world.outside.repository.branches]).toEqual(before);
    expect(world.outside.repository.pulls).toEqual([]);
    expect(world.locks.size).toBe(0);
    expect(world.status.intents).toBeUndefined();
    expect(world.api.written.length).toBe(writes);
    for (const word of ['acme/shop', oldBranch, oldUid, `${acceptAnnotation}=true`])
      expect(world.condition('Stalled')?.message).toContain(word);
  });

  test.each([
    ['an infra fix', {}, ['act', 'push', 'pull request']],
    ['a code fix', code, ['push', 'pull request']],
  ])(
    'goes on by itself once the branch is gone, with %s, and looks at the world again first',
    async (_, more, kinds) => {
      const world = worldOf(more);
      leave(world);
      await world.untilStalled('RestoredObject');
      world.outside.repository.branches.delete(oldBranch);
      await world.untilPhase('Sweeping');
      expect(world.status.history).toEqual([]);
      await world.untilEnd();
      expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
      expect(world.outside.effects.map(({ kind }) => kind)).toEqual(kinds);
    },
  );

  test('leaves its draft and asks once the branch is gone', async () => {
    const world = worldOf(clueless);
    leave(world);
    await world.untilStalled('RestoredObject');
    world.outside.repository.branches.delete(oldBranch);
    await world.untilAsked();
    expect(world.outside.repository.pulls).toMatchObject([{ draft: true }]);
    expect(world.condition('Stalled')?.reason).toBe('Escalated');
  });

  test('goes on when a person accepts the traces, and leaves them alone', async () => {
    const world = worldOf();
    leave(world);
    const left = world.outside.repository.branches.get(oldBranch);
    await world.untilStalled('RestoredObject');
    world.api.annotate('default/broken', { [acceptAnnotation]: 'false' });
    await world.pass(60);
    expect(world.condition('Stalled')?.reason).toBe('RestoredObject');
    world.api.annotate('default/broken', { [acceptAnnotation]: 'true' });
    await world.pass(1);
    expect(world.condition('Stalled')).toBeUndefined();
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.outside.repository.branches.get(oldBranch)).toBe(left);
  });

  test('looks again every 30 seconds, whatever else brings it back', async () => {
    const world = worldOf();
    leave(world);
    await world.untilStalled('RestoredObject');
    const looks = looksOf(world);
    for (let turn = 0; turn < 10; turn += 1) {
      world.api.annotate('default/broken', { turn: String(turn) });
      await reconcileSession(world.session, world.deps, new AbortController().signal);
      await settle();
    }
    expect(looks()).toBe(0);
    const from = world.clock.monotonicMs();
    await world.pass(300);
    const intervals = Math.floor((world.clock.monotonicMs() - from) / 30_000);
    expect([intervals - 1, intervals, intervals + 1]).toContain(looks());
  });

  test('is still held while the forge is out of reach, and says nothing else', async () => {
    const world = worldOf();
    leave(world);
    await world.untilStalled('RestoredObject');
    const writes = world.api.written.length;
    world.outside.toolFault = (tool) => (tool === 'branches' ? toolFailed(tool, 'out of reach') : undefined);
    world.outside.repository.branches.delete(oldBranch);
    await world.pass(300);
    expect(world.api.written.length).toBe(writes);
    expect(acts(world)).toEqual([]);
    world.outside.toolFault = () => undefined;
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('the time in which it waits for a person is not its own', async () => {
    const world = worldOf({ spec: { limits: { wallClockSeconds: 60 } } });
    leave(world);
    await world.untilStalled('RestoredObject');
    await world.pass(500);
    expect(world.status.phase).toBe('Acting');
    world.outside.repository.branches.delete(oldBranch);
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 1 });
    expect(world.status.usage?.waitedSeconds).toBeGreaterThanOrEqual(500);
  });

  test('that time is told apart also where a suspension came in between', async () => {
    const world = worldOf({ spec: { limits: { wallClockSeconds: 900 } } });
    leave(world);
    await world.untilStalled('RestoredObject');
    await world.pass(2000);
    world.change({ suspend: true });
    await world.pass(5);
    world.outside.repository.branches.delete(oldBranch);
    world.change({ suspend: false });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.status.usage?.waitedSeconds).toBeGreaterThanOrEqual(2000);
  });

  test('is held where there are more branches than can be looked through, and asks seldom', async () => {
    const world = worldOf();
    let looks = 0;
    world.outside.toolFault = (tool) => {
      if (tool !== 'branches') return undefined;
      looks += 1;
      return new TooManyBranches({ owner: 'acme', repo: 'shop' });
    };
    await world.untilStalled('RestoredObject');
    await world.pass(600);
    expect(looks).toBe(1);
    expect(world.outside.effects).toEqual([]);
    world.api.annotate('default/broken', { [acceptAnnotation]: 'true' });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('ends when it is cancelled', async () => {
    const world = worldOf();
    leave(world);
    await world.untilStalled('RestoredObject');
    world.change({ cancel: true });
    await world.untilEnd();
    expect(world.status.phase).toBe('Cancelled');
    expect(world.outside.effects).toEqual([]);
  });

  test('is held by a new life of the operator as well', async () => {
    const world = worldOf();
    leave(world);
    await world.untilStalled('RestoredObject');
    world.restart();
    await world.pass(60);
    expect(world.outside.effects).toEqual([]);
  });

  test('does its other work: it proposes and diagnoses', async () => {
    const world = worldOf({ spec: { mode: 'Propose' } });
    leave(world);
    const looks = looksOf(world);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Proposed');
    expect(looks()).toBe(0);
  });
});

describe('no traces', () => {
  test.each([
    [
      'a branch of a session with a longer name',
      { branch: 'threehops/broken-too-beef0001', session: 'default/broken-too' },
    ],
    ['a branch of the same name in another namespace', { session: 'other/broken' }],
    ['a branch that is named like it, by a person', { session: '' }],
    ['a branch of another with commits of an earlier one beneath', { uid: 'feed0001-0000-4000-8000-000000000001' }],
  ])('are %s', async (_, trace) => {
    const world = worldOf();
    leave(world, trace);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(world.announced.map(({ reason }) => reason)).not.toContain('RestoredObject');
  });
});

describe('what it costs to look', () => {
  test('once a session, before its first write outside, and no write of the status', async () => {
    const world = worldOf({ story: largeBatch });
    const looks = looksOf(world);
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 2 });
    expect(looks()).toBe(1);
    const unlooked = worldOf({ story: largeBatch });
    unlooked.api.annotate('default/broken', { [acceptAnnotation]: 'true' });
    await unlooked.untilEnd();
    expect(world.api.written.length).toBe(unlooked.api.written.length);
  });

  test('what turns up after the first write holds nothing up', async () => {
    const world = worldOf({ story: largeBatch });
    await world.untilPhase('Verifying');
    leave(world);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });

  test('nothing where the map names no repository', async () => {
    const world = worldOf({ topology: { source: undefined, policy: shopPolicy } as never });
    const looks = looksOf(world);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(acts(world)).toHaveLength(1);
    expect(looks()).toBe(0);
  });

  test('a forge that cannot be asked is asked again, and until then nothing is done', async () => {
    const world = worldOf();
    world.outside.toolFault = (tool) => (tool === 'branches' ? toolFailed(tool, 'out of reach') : undefined);
    await world.untilStalled('StepFailed');
    await world.pass(60);
    expect(world.outside.effects).toEqual([]);
    world.outside.toolFault = () => undefined;
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
  });
});
