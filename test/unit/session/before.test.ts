import { describe, expect, test } from 'vitest';
import { ToolTimeout } from '../../../controller/mcp/errors.ts';
import type { Dependencies, SessionCheck } from '../../../controller/session/dependencies.ts';
import type { CheckContext, CheckResult } from '../../../skills/skill.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { compute } from '../../helpers/session/skills.ts';
import { article, book, largeBatch, shopPolicy, smallMemory } from '../../helpers/session/shop.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

interface Run {
  readonly iteration: number;
  readonly phase: string;
  /** How many effects the world had when it was run. */
  readonly effects: number;
  readonly before: CheckContext['before'];
}

type Answer = Pick<CheckResult, 'verdict' | 'summary' | 'figures'>;

/** A world with a load test that says what the test wants, and all its runs. */
function worldOf(answer: () => Answer | Promise<Answer>, options: Partial<SessionWorldOptions> = {}) {
  const runs: Run[] = [];
  const running: { world?: SessionWorld } = {};
  const load: SessionCheck = {
    skill: compute,
    check: {
      name: 'load test',
      measuredBefore: true,
      async run({ node, before }) {
        const { iteration = 0, phase = '' } = running.world?.status ?? {};
        runs.push({ iteration, phase, effects: running.world?.outside.effects.length ?? 0, before });
        return { name: 'load test', node: node.id, ...(await answer()) };
      },
    },
  };
  const clicks: SessionCheck = {
    skill: compute,
    check: {
      name: 'ui test',
      run: ({ node }) => {
        if (running.world?.status.phase !== 'Verifying') throw new Error('it is not measured before');
        return Promise.resolve({ name: 'ui test', node: node.id, verdict: 'Pass', summary: 'clicked' });
      },
    },
  };
  const replace = (): Partial<Dependencies> => ({ sessionChecks: [load, clicks] });
  const world = newWorld({ story: smallMemory, replace, ...options });
  running.world = world;
  const before = (): readonly Run[] => runs.filter(({ phase }) => phase === 'Acting');
  return { world, runs, before };
}

const slow = {
  verdict: 'Fail',
  summary: '50/s, p95 9 ms, errors 61 %',
  figures: { errorsPerMillion: 610_000 },
} as const;
const well = { verdict: 'Pass', summary: '50/s, p95 40 ms, errors 0 %' } as const;

const statusWrites = ({ hazard }: SessionWorld): number =>
  hazard.points.filter(({ what }) => what.startsWith('status')).length;

describe('the load before the act', () => {
  test('is measured once, right before it, told to the verification and to whoever reads the pull request', async () => {
    const { world, runs } = worldOf(() => (world.outside.effects.length === 0 ? slow : well));
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(runs).toMatchObject([
      { phase: 'Acting', effects: 0, before: undefined },
      { phase: 'Verifying', effects: 1, before: slow },
    ]);
    expect(world.status.before).toEqual([{ name: 'load test', node: 'shop', ...slow }]);
    expect(world.outside.repository.pulls[0]?.body).toContain(`| before | load test | shop | ${slow.summary} |`);
  });

  test('is written down with the intent of the act, and by no write of its own', async () => {
    const { world } = worldOf(() => slow);
    await world.until('an intent', () => (world.status.intents ?? []).length > 0);
    const [first] = world.api.written.filter(({ status }) => status?.before !== undefined);
    expect(first?.status?.intents).toMatchObject([{ kind: 'Act', state: 'Pending' }]);
    const plain = newWorld({ story: smallMemory });
    const measured = worldOf(() => well).world;
    await plain.untilEnd();
    await measured.untilEnd();
    expect(statusWrites(measured)).toBe(statusWrites(plain));
  });

  test('is not measured again in later iterations, whose verifications are told the first', async () => {
    for (const story of [article, largeBatch]) {
      const { world, runs, before } = worldOf(() => (world.outside.effects.length === 0 ? slow : well), { story });
      await world.untilEnd();
      expect(world.status.iteration).toBeGreaterThan(1);
      expect(before()).toMatchObject([{ iteration: 1, effects: 0 }]);
      expect(runs.filter(({ phase }) => phase === 'Verifying').map((run) => run.before)).not.toContain(undefined);
    }
  });

  test('is measured before a push as well', async () => {
    const ideas = (book['OutOfMemory'] ?? []).filter(({ action }) => action === 'shop.set-number');
    const { world, before } = worldOf(() => well, { story: largeBatch, book: { OutOfMemory: ideas } });
    await world.untilEnd();
    expect(world.outside.effects[0]?.kind).toBe('push');
    expect(before()).toMatchObject([{ effects: 0 }]);
  });

  test('survives a death at every write, and is measured again only if none had the intent', async () => {
    const reference = worldOf(() => well).world;
    await reference.untilEnd();
    for (const mishap of ['die before', 'die after'] as const) {
      for (const { index: hit, what } of reference.hazard.points) {
        const { world, runs, before } = worldOf(() => well);
        world.hazard.plan = ({ index }) => (index === hit ? mishap : undefined);
        await world.untilEnd();
        expect(world.status.outcome).toBe('Fixed');
        expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toHaveLength(1);
        const lost = what === 'finalizer' || (what.includes('Act is pending') && mishap === 'die before');
        expect([what, before().length]).toEqual([what, lost ? 2 : 1]);
        expect(runs.at(-1)).toMatchObject({ phase: 'Verifying', before: well });
      }
    }
  });

  test('that died with the operator is measured once more', async () => {
    let asked = 0;
    const { world, before } = worldOf(() => {
      asked += 1;
      return asked === 1 ? new Promise<Answer>(() => undefined) : well;
    });
    await world.until('the measuring', () => before().length === 1);
    await world.pass(5);
    expect(world.outside.effects).toEqual([]);
    world.restart();
    await world.untilEnd();
    expect(before()).toHaveLength(2);
    expect(world.status).toMatchObject({ outcome: 'Fixed', before: [{ summary: well.summary }] });
  });
});

describe('a load that cannot be measured before the act', () => {
  test.each([
    ['fails', new ToolTimeout({ server: 'load', tool: 'load' }, 'no answer', { outcome: 'Unknown' })],
    ['is broken', new TypeError('undefined is not a function')],
  ])('%s: the act is made all the same, and why is kept', async (_, error) => {
    const { world, before } = worldOf(() => {
      if (world.outside.effects.length === 0) throw error;
      return well;
    });
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(before()).toHaveLength(1);
    expect(world.status.before).toMatchObject([
      { verdict: 'Inconclusive', summary: expect.stringContaining(error.message) },
    ]);
  });

  test('is nothing where the map declares none, and is not asked for again', async () => {
    const { world, before } = worldOf(() => ({ verdict: 'NotRun', summary: 'the map declares none' }), {
      story: article,
    });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', before: [] });
    expect(before()).toHaveLength(1);
  });

  test('ends with the session: its time is up, and nothing was done', async () => {
    const never = new Promise<Answer>(() => undefined);
    const { world, before } = worldOf(() => never, { spec: { limits: { wallClockSeconds: 60 } } });
    await world.untilAsked();
    expect(world.announced.map(({ reason }) => reason)).toContain('WallClockLimit');
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    expect(before()).toHaveLength(1);
  });

  test('leaves out figures that a status would refuse', async () => {
    const figures = { whole: 1, broken: 1.5, missing: Number.NaN, negative: -1 };
    const { world } = worldOf(() => ({ ...well, figures }));
    await world.untilEnd();
    expect(world.status.before?.[0]?.figures).toEqual({ whole: 1 });
  });
});

describe('no load is put on', () => {
  test('while the locks are waited for, and once when they are there', async () => {
    const { world, before } = worldOf(() => well);
    const { locks } = world.deps;
    const free = { ...locks };
    Object.assign(locks, { acquire: async () => 'another session' });
    await world.until('Locked', () => world.condition('Reconciling')?.reason === 'Locked');
    await world.pass(20);
    expect(before()).toEqual([]);
    Object.assign(locks, free);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(before()).toHaveLength(1);
  });

  test('while the branch of another session of this name holds it, and once when it is gone', async () => {
    const { world, before } = worldOf(() => well);
    const { repository } = world.outside;
    const branch = 'threehops/broken-beef0001';
    const trailers = {
      'Threehops-Session': 'default/broken',
      'Threehops-Session-UID': 'beef0001-0000-4000-8000-000000000001',
    };
    repository.push({ branch, parent: repository.main, edits: [], message: 'More memory', trailers, date: 'then' });
    await world.untilStalled('RestoredObject');
    await world.pass(120);
    expect(before()).toEqual([]);
    repository.branches.delete(branch);
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    expect(before()).toHaveLength(1);
  });

  test('again when the plan was outdated by somebody else', async () => {
    let disturbed = 0;
    const { world, before } = worldOf(() => {
      disturbed += 1;
      if (disturbed === 1) world.outside.interfere();
      return well;
    });
    await world.untilEnd();
    expect(world.announced.map(({ reason }) => reason)).toContain('PlanOutdated');
    expect(world.status.outcome).toBe('Fixed');
    expect(before()).toHaveLength(1);
  });

  test('while a person is asked for approval', async () => {
    const { world, before } = worldOf(() => well, {
      topology: { policy: { ...shopPolicy, approvals: ['shop.resize'] } },
    });
    await world.untilAsked();
    await world.pass(60);
    expect(before()).toEqual([]);
    world.decide('Approved');
    await world.untilEnd();
    expect(before()).toHaveLength(1);
  });
});
