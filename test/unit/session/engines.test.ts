import { describe, expect, test } from 'vitest';
import type { Desk } from '../../../controller/reasoning/desk.ts';
import { ReasonerGaveUp } from '../../../controller/reasoning/reasoner-errors.ts';
import type { Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { bookReasoner, type Book } from '../../helpers/session/reasoner.ts';
import { article, book, healthy, hopeless, smallMemory } from '../../helpers/session/shop.ts';
import type { SessionWorld, SessionWorldOptions } from '../../helpers/session-world.ts';
import { cleanWorlds } from '../../helpers/session/worlds.ts';

const newWorld = cleanWorlds();

interface Model extends Partial<SessionWorldOptions> {
  readonly claude: (desk: Desk) => Reasoner;
}

function worldOf({ claude, ...options }: Model): SessionWorld {
  return newWorld({
    story: smallMemory,
    spec: { reasoner: 'Both' },
    replace: ({ engines }) => ({ engines: { ...engines, claude } }),
    ...options,
  });
}

/** Asks its model once, which costs so much, and says what the book says. */
function priced(other: Book, tokens = { input: 900, output: 100 }): (desk: Desk) => Reasoner {
  const reasoner = bookReasoner(other, 'Claude');
  return ({ budget }) => ({
    engine: reasoner.engine,
    async diagnose(...given) {
      budget.spend(tokens);
      return { ...(await reasoner.diagnose(...given)), model: 'a-model', promptVersion: '1' };
    },
  });
}

const restart: Book = {
  OutOfMemory: [{ action: 'shop.restart', node: 'shop/compute', parameters: {}, rationale: 'a fresh start' }],
};
const broken = (): Reasoner => ({
  engine: 'Claude',
  diagnose: () => Promise.reject(new ReasonerGaveUp(['it is overloaded'])),
});

describe('a session that asks Claude', () => {
  test('goes by what it says, and keeps who said it by what', async () => {
    const world = worldOf({ claude: priced(book), spec: { reasoner: 'Claude' } });
    await world.untilEnd();
    expect(world.status).toMatchObject({
      outcome: 'Fixed',
      diagnosis: { engine: 'Claude', model: 'a-model', promptVersion: '1' },
      usage: { tokens: 1000, modelRequests: 1 },
    });
    expect(world.outside.repository.pulls[0]?.body).toContain('engine Claude with a-model');
    const kept = world.api.evidence.get(world.status.diagnosis?.contentDigest ?? '');
    expect(kept).toMatchObject({
      content: 'Diagnosis',
      value: { formatVersion: 1, diagnosis: { engine: 'Claude', bundleDigest: world.status.diagnosis?.bundleDigest } },
    });
  });

  test('counts what each iteration costs', async () => {
    const world = worldOf({ claude: priced(book), spec: { reasoner: 'Claude' }, story: article });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', iteration: 3, usage: { tokens: 3000, modelRequests: 3 } });
  });

  test('counts it too where nothing is found, which takes two looks', async () => {
    const world = worldOf({ claude: priced(book), spec: { reasoner: 'Claude' }, story: healthy });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'NoFaultFound', usage: { tokens: 2000, modelRequests: 2 } });
  });

  test('is told at its desk what is left of the limit', async () => {
    const left: number[] = [];
    const world = worldOf({
      claude: (desk) => {
        left.push(desk.budget.left());
        return priced(book)(desk);
      },
      spec: { reasoner: 'Claude', limits: { tokens: 5000 } },
      story: article,
    });
    await world.untilEnd();
    expect(left).toEqual([5000, 4000, 3000]);
  });

  test('goes on with the embedded engine where no diagnosis is to be had, and says why', async () => {
    const world = worldOf({ claude: broken, spec: { reasoner: 'Claude' } });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', diagnosis: { engine: 'Causal' } });
    expect(world.status.diagnosis?.gaps).toContain('Claude gave no diagnosis: ReasonerGaveUp: it is overloaded');
  });

  test('what is kept in the ledger is there for the next life of the operator', async () => {
    const seen: unknown[] = [];
    const world = worldOf({
      claude: (desk) => ({
        engine: 'Claude',
        async diagnose(...given) {
          seen.push(await desk.ledger.recall('answer', given[3]));
          await desk.ledger.keep('answer', { text: 'first' }, given[3]);
          await desk.ledger.keep('answer', { text: 'second' }, given[3]);
          if (seen.length === 1) world.life.die();
          return priced(book)(desk).diagnose(...given);
        },
      }),
      spec: { reasoner: 'Claude' },
    });
    await world.untilEnd();
    expect(seen).toEqual([undefined, { text: 'first' }]);
  });

  test('reads through the tools of the nodes’ skills, and writes through none', async () => {
    const names = new Set<string>();
    const answers: string[] = [];
    const world = worldOf({
      claude: (desk) => ({
        engine: 'Claude',
        async diagnose(...given) {
          for (const { name } of desk.reads) names.add(name);
          const look = desk.reads.find(({ name }) => name === 'compute__look');
          answers.push(await (look?.call({ node: 'shop/compute', arguments: { node: 'compute' } }, given[3]) ?? ''));
          answers.push(await (look?.call({ node: 'elsewhere', arguments: {} }, given[3]) ?? ''));
          return priced(book)(desk).diagnose(...given);
        },
      }),
      spec: { reasoner: 'Claude' },
    });
    await world.untilEnd();
    expect([...names].filter((name) => /resize|restart/.test(name))).toEqual([]);
    expect(names).toContain('compute__look');
    expect(answers[0]).toContain('OutOfMemory');
    expect(answers[1]).toBe('there is no such node for this tool');
  });

  test('an edit that does not apply is told before the answer is taken', async () => {
    const faults: (readonly string[])[] = [];
    const parameters = { key: 'batch', value: 1, path: 'no-such-file.json' };
    const world = worldOf({
      claude: (desk) => ({
        engine: 'Claude',
        async diagnose(...given) {
          faults.push(await desk.faultsOf('shop.set-number', 'shop/code', parameters, given[3]));
          faults.push(await desk.faultsOf('shop.set-number', 'shop/code', { key: 'batch', value: 1 }, given[3]));
          return priced(book)(desk).diagnose(...given);
        },
      }),
      spec: { reasoner: 'Claude' },
    });
    await world.untilEnd();
    expect(faults[0]).toEqual(['there is no no-such-file.json']);
    expect(faults[1]).toEqual([]);
  });
});

describe('what a model used', () => {
  const hanging: (desk: Desk) => Reasoner = ({ budget }) => ({
    engine: 'Claude',
    diagnose(...given) {
      budget.spend({ input: 900, output: 100 });
      return new Promise((_, reject) => given[3].addEventListener('abort', () => reject(new Error('aborted'))));
    },
  });

  test('is counted where a limit ends the diagnosis', async () => {
    const world = worldOf({ claude: hanging, spec: { reasoner: 'Claude', limits: { wallClockSeconds: 20 } } });
    await world.untilPhase('Escalated');
    expect(world.status.usage).toMatchObject({ tokens: 1000, modelRequests: 1 });
  });

  test('is counted where a person cancels it', async () => {
    const world = worldOf({ claude: hanging, spec: { reasoner: 'Claude' } });
    await world.untilPhase('Diagnosing');
    await world.pass(5);
    world.change({ cancel: true });
    await world.untilPhase('Cancelled');
    expect(world.status.usage).toMatchObject({ tokens: 1000, modelRequests: 1 });
  });
});

describe('a failure that is not the model’s', () => {
  test('is tried again, and nobody else answers meanwhile', async () => {
    let failures = 0;
    const claude = (desk: Desk): Reasoner => ({
      engine: 'Claude',
      async diagnose(...given) {
        if ((failures += 1) < 3) throw new Error('the API server is away');
        return priced(book)(desk).diagnose(...given);
      },
    });
    const world = worldOf({ claude, spec: { reasoner: 'Claude' } });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', diagnosis: { engine: 'Claude' } });
    expect(failures).toBe(3);
  });
});

describe('a session that asks both', () => {
  test('and is told the same with other figures goes by the embedded engine’s', async () => {
    const [idea] = book['OutOfMemory'] ?? [];
    const larger = idea === undefined ? [] : [{ ...idea, parameters: { memory: 8192 } }];
    const world = worldOf({ claude: priced({ OutOfMemory: larger }) });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', diagnosis: { engine: 'Causal' } });
    expect(world.outside.live.memory).toBe(1024);
    expect(world.api.approvals()).toEqual([]);
  });

  test('and is told the same asks nobody', async () => {
    const world = worldOf({ claude: priced(book) });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', diagnosis: { engine: 'Claude' } });
    expect(world.status.diagnosis?.otherOpinion).toBeUndefined();
    expect(world.api.approvals()).toEqual([]);
  });

  test('and is told different things waits for a person, who is told both', async () => {
    const world = worldOf({ claude: priced(restart) });
    await world.untilAsked();
    expect(world.status.phase).toBe('AwaitingApproval');
    expect(world.question.spec.gate).toBe('Disagreement');
    expect(world.question.spec.summary).toContain('This is what Causal would do. Claude says:');
    expect(world.question.spec.summary).toContain('shop.restart at shop/compute: a fresh start');
    await world.pass(60);
    expect(world.outside.effects.filter(({ kind }) => kind === 'act')).toEqual([]);
    world.decide('Approved');
    await world.untilEnd();
    expect(world.status.outcome).toBe('Fixed');
    const [pull] = world.outside.repository.pulls;
    expect(pull?.body).toMatch(/engine Causal\)/);
    expect(pull?.body).toContain('Claude said otherwise: shop.OutOfMemory at shop/compute');
  });

  test('a person who rejects the one is asked about what is left', async () => {
    const world = worldOf({
      claude: priced(restart),
      story: hopeless,
      book: { OutOfMemory: book['OutOfMemory']?.slice(0, 1) ?? [] },
    });
    await world.untilAsked();
    const first = world.question.metadata.name;
    world.decide('Rejected', { reason: 'it has memory enough' });
    await world.until('another question', () => world.status.iteration === 2 && world.status.approvalRef !== undefined);
    expect(world.question.metadata.name).not.toBe(first);
    expect(world.question.spec.summary).toContain('This is what Claude would do. Causal says:');
  });

  test('where the model gives no diagnosis, the embedded engine is enough', async () => {
    const world = worldOf({ claude: broken });
    await world.untilEnd();
    expect(world.status).toMatchObject({ outcome: 'Fixed', diagnosis: { engine: 'Causal' } });
    expect(world.api.approvals()).toEqual([]);
  });
});
