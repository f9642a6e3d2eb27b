import { describe, expect, it } from 'vitest';
import type { Diagnosed, Iteration } from '../../../../controller/api/kinds.ts';
import { judgedOf, wasReached } from '../../../evals/faults/judge.ts';
import { faultNamed } from '../../../lab/faults/catalogue.ts';
import type { Judged } from '../../../lab/host/run-result.ts';
import { illDecoy } from '../../../lab/world/decoys.ts';
import { plainNames } from '../../../lab/world/names.ts';
import { ended } from './made-up.ts';

const { payments, gateway, nodes } = plainNames;
const memory = { node: `${payments}/${nodes.compute}`, kind: 'aws-ecs.MemoryTooLow', summary: '' };
const release = { node: `${payments}/${nodes.code}`, kind: 'github.CodeRegression', summary: '' };
const scale = 'aws-ecs.scale';
const update = 'aws-ecs.update-task-definition';

function result(changes: Partial<Judged> = {}): Judged {
  return { ...ended, ...changes };
}

let count = 0;
function act(action: string, changes: Partial<Iteration> = {}): Iteration {
  count += 1;
  const signature = `${action} thing Up`;
  return {
    iteration: count,
    diagnosis: '',
    action,
    result: 'pass',
    signature,
    plan: `plan-${count}`,
    standing: 'Kept',
    ...changes,
  };
}

function diagnosed(rootCause: Diagnosed['rootCause'], changes: Partial<Diagnosed> = {}): Diagnosed {
  return { ...(rootCause === undefined ? {} : { rootCause }), ...changes };
}

function judge(fault: string, given: Partial<Judged>, ...diagnoses: Diagnosed[]) {
  return judgedOf(
    { fault: faultNamed(fault), names: plainNames, engine: 'Causal' },
    { result: result(given), diagnoses },
  );
}

describe('the cause', () => {
  it('is right at 1 as the root cause, and at 3 as one of two alternatives', () => {
    const third = diagnosed(release, { alternatives: [{ ...release, node: 'a' }, memory] });
    const fourth = diagnosed(release, { alternatives: [{ ...release, node: 'a' }, { ...release, node: 'b' }, memory] });
    expect(judge('small-memory', {}, diagnosed(memory))).toMatchObject({ causeAt1: true, causeAt3: true });
    expect(judge('small-memory', {}, third)).toMatchObject({ causeAt1: false, causeAt3: true, named: release.kind });
    expect(judge('small-memory', {}, fourth)).toMatchObject({ causeAt1: false, causeAt3: false });
  });

  it('must be right each time where one iteration must do, and the last time elsewhere', () => {
    const [first, last] = [diagnosed(memory), diagnosed(release)];
    expect(judge('small-memory', {}, first, last)).toMatchObject({ causeAt1: false, named: release.kind });
    expect(judge('leaky-release', {}, first, last).causeAt1).toBe(true);
    expect(judge('leaky-release', {}, last, first).causeAt1).toBe(false);
  });

  it('is told of the first diagnosis as well', () => {
    const [first, last] = [diagnosed(memory), diagnosed(release)];
    expect(judge('leaky-release', {}, first, last)).toMatchObject({ firstAt1: false, causeAt1: true });
    expect(judge('leaky-release', {}, last, first)).toMatchObject({ firstAt1: true, causeAt1: false });
  });

  it('of a healthy lab is none, and doubt is none either', () => {
    const nothing = { outcome: 'NoFaultFound' };
    expect(judge('healthy', nothing, diagnosed(undefined))).toMatchObject({ causeAt1: true, trueKinds: [] });
    expect(judge('healthy', { outcome: 'Inconclusive' }, diagnosed(undefined)).causeAt1).toBe(false);
    expect(judge('healthy', nothing, diagnosed(memory)).causeAt1).toBe(false);
    expect(judge('small-memory', {})).toMatchObject({ causeAt1: false, named: null });
  });
});

describe('an engine that asks a model', () => {
  it('is not judged by what another one answered in its place', () => {
    const [own, others] = [diagnosed(memory, { engine: 'Claude' }), diagnosed(memory, { engine: 'Causal' })];
    const by = (...diagnoses: Diagnosed[]) =>
      judgedOf(
        { fault: faultNamed('small-memory'), names: plainNames, engine: 'Claude' },
        { result: result(), diagnoses },
      );
    expect(by(own)).toMatchObject({ causeAt1: true, byOthers: 0 });
    expect(by(others)).toMatchObject({ causeAt1: false, byOthers: 1 });
  });

  it('has missed where it answered nothing valid, and says nothing where nobody reached it', () => {
    const others = diagnosed(memory, { engine: 'Causal' });
    const opposed = { ...others, otherOpinion: { engine: 'Claude' } };
    const asked = { usage: { tokens: 900 } };
    expect([wasReached('Claude', asked, [others]), wasReached('Both', { usage: {} }, [opposed])]).toEqual([true, true]);
    expect([wasReached('Claude', { usage: {} }, [others]), wasReached('Causal', { usage: {} }, [])]).toEqual([
      false,
      true,
    ]);
  });
});

describe('the acts', () => {
  it('are right where only right repairs stand in the end', () => {
    const taken = act(scale, { standing: 'RolledBack' });
    expect(judge('small-memory', { history: [act(update)] })).toMatchObject({ rightFix: true, uselessActs: [] });
    expect(judge('small-memory', { history: [taken, act(update)] })).toMatchObject({
      rightFix: true,
      uselessActs: [scale],
    });
    expect(judge('small-memory', { history: [act(scale), act(update)] }).rightFix).toBe(false);
    expect(judge('small-memory', {}).rightFix).toBe(false);
  });

  it('are all useless where nothing is healed', () => {
    const unhealed = { asExpected: false, healed: false, history: [act(update)] };
    expect(judge('small-memory', unhealed)).toMatchObject({ rightFix: false, uselessActs: [update] });
  });

  it('count once, and not at all where they were not made', () => {
    const first = act(update);
    const again = act(update, { plan: first.plan ?? '' });
    expect(judge('small-memory', { history: [first, again, act(scale, { standing: 'NotApplied' })] }).acts).toEqual([
      update,
    ]);
  });

  it('on what is harmless are no right repair, and useless', () => {
    const revert = act('github.revert-commit');
    const fix = (rationale: string) =>
      diagnosed(release, {
        fix: { action: revert.action, class: 'Code', node: release.node, signature: revert.signature ?? '', rationale },
      });
    const reverted = (message: string) =>
      judge('hard/two-in-one-push', { history: [revert] }, fix(`revert: ${message}`));
    expect(reverted('Settle by customer')).toMatchObject({ rightFix: true, uselessActs: [] });
    expect(reverted('Say for how long a task has been up')).toMatchObject({
      rightFix: false,
      uselessActs: [revert.action],
    });
  });

  it('are false where nothing is wrong, on a decoy, and of no right kind where all was well', () => {
    const history = [act(scale)];
    const decoy = `${gateway}/${illDecoy}`;
    const at = (node: string, cited: readonly string[] = []) =>
      diagnosed(memory, {
        fix: { action: scale, class: 'Infra', node, signature: `${scale} thing Up` },
        claims: [{ text: 'it is ill', findings: [...cited] }],
      });
    expect(judge('healthy', { history }, at(memory.node)).falseActs).toEqual([scale]);
    expect(judge('small-memory', { history }, at(memory.node)).falseActs).toEqual([]);
    expect(judge('small-memory', { history }, at(decoy)).falseActs).toEqual([scale]);
    const innocent = `${gateway}/${nodes.compute}`;
    expect(judge('small-memory', { history }, at(innocent)).falseActs).toEqual([scale]);
    expect(judge('small-memory', { history }, at(innocent, [`${innocent}2:aws-ecs.X:service`])).falseActs).toEqual([
      scale,
    ]);
    const ill = [`${innocent}:aws-ecs.OutOfMemory:service`];
    expect(judge('small-memory', { history }, at(innocent, ill))).toMatchObject({ falseActs: [], rightFix: false });
    expect(judge('small-memory', { history }, at(decoy, [`${decoy}:http-health.BadStatus:page`])).falseActs).toEqual([
      scale,
    ]);
  });
});
