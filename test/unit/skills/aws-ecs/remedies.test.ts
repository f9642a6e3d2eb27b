import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Change, Finding } from '../../../../controller/evidence/finding.ts';
import { probe } from '../../../../skills/aws-ecs/probe.ts';
import { remedies } from '../../../../skills/aws-ecs/remedies.ts';
import { restoreEnvironment } from '../../../../skills/aws-ecs/remedies/environment.ts';
import { rollBackDefinition } from '../../../../skills/aws-ecs/remedies/release.ts';
import { usualSize } from '../../../../skills/aws-ecs/remedies/memory.ts';
import type { ProposedFix } from '../../../../skills/skill.ts';
import { arn, at, contextOf, deploymentOf, oom, ScriptedEcs, serviceOf, stoppedTask } from './scripted-ecs.ts';

interface Story {
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly failed?: JsonObject;
  readonly seconds?: number;
  readonly state?: string;
  readonly memory?: readonly number[];
  readonly with?: JsonObject;
  readonly desired?: number;
}

/** Revision 2 replaced revision 1 and its tasks fail; the fixes, best first. */
async function fixesFor(story: Story): Promise<readonly (ProposedFix & { readonly cause: string })[]> {
  const ecs = new ScriptedEcs();
  ecs.define(1, {}, story.before ?? {});
  ecs.define(2, {}, { ...story.before, ...story.after });
  const deployment = deploymentOf({
    id: 'ecs-svc/2',
    taskDefinition: arn(2),
    createdAt: at(10),
    updatedAt: at(14),
    rolloutState: story.state ?? 'COMPLETED',
  });
  ecs.service = serviceOf({
    taskDefinition: arn(2),
    runningCount: 0,
    desiredCount: story.desired ?? 1,
    deployments: [deployment],
  });
  const task = {
    startedBy: 'ecs-svc/2',
    taskDefinitionArn: arn(2),
    startedAt: at(11),
    stoppedAt: at(11 + (story.seconds ?? 30)),
  };
  ecs.stopped = story.failed === undefined ? [] : [stoppedTask('x', task, story.failed)];
  if (story.memory !== undefined)
    ecs.metrics = { MemoryUtilization: story.memory.map((value, index) => [at(index), value] as const) };
  const context = contextOf(ecs, story.with ?? {});
  const seen = await probe(context);
  const kinds = new Set(seen.findings.map(({ kind }) => kind));
  return remedies
    .filter(({ forKinds }) => forKinds.some((kind) => kinds.has(kind)))
    .flatMap((remedy) =>
      remedy.propose({ node: context.node, ...seen }).map((fix) => ({ ...fix, cause: remedy.cause })),
    )
    .toSorted((a, b) => b.fitness - a.fitness);
}

describe('the remedies for a saturated CPU', () => {
  it('are doubted where tasks die: those that start anew use their CPU for starting', () => {
    const finding = (reason: string, facts: JsonObject): Finding => ({
      id: reason,
      node: 'shop/ecs',
      kind: `aws-ecs.${reason}`,
      severity: 'Warning',
      summary: reason,
      source: 'test',
      facts,
    });
    const saturated = finding('CpuSaturated', { cpu: 256 });
    const node = { id: 'shop/ecs', name: 'ecs', type: 'compute', with: {} };
    const fitnessOf = (findings: readonly Finding[]): readonly number[] =>
      remedies
        .filter(({ forKinds }) => forKinds.includes(saturated.kind))
        .flatMap((remedy) => remedy.propose({ node, findings, changes: [], series: [] }))
        .map(({ fitness }) => fitness);
    const alone = fitnessOf([saturated]);
    const beside = fitnessOf([saturated, finding('OutOfMemory', {})]);
    expect(alone).toHaveLength(2);
    expect(beside).toHaveLength(2);
    expect(Math.max(...beside)).toBeLessThan(Math.min(...alone) / 2);
  });
});

describe('the remedies for out of memory', () => {
  it('give back at least what it had before the limit was lowered, with great confidence', async () => {
    const [best] = await fixesFor({ before: { memory: 1024 }, after: { memory: 128 }, failed: oom });
    expect(best).toMatchObject({
      cause: 'aws-ecs.MemoryTooLow',
      action: 'aws-ecs.update-task-definition',
      parameters: { memory: 1024, container: 'app' },
      fitness: 0.9,
    });
  });

  it('double it, and give four times as much to what dies while it starts', async () => {
    const after = { image: 'shop:bbbbbbb' };
    expect((await fixesFor({ after, failed: oom }))[0]?.parameters).toMatchObject({ memory: 512 });
    const starting = await fixesFor({ after, failed: oom, seconds: 2, state: 'IN_PROGRESS' });
    expect(starting[0]?.parameters).toMatchObject({ memory: 1024 });
  });

  it('trust more memory less where usage rises without end than where it settles', async () => {
    const after = { image: 'shop:bbbbbbb' };
    const fitness = async (memory: readonly number[]): Promise<number> =>
      (await fixesFor({ after, failed: oom, memory })).find(({ cause }) => cause === 'aws-ecs.MemoryTooLow')?.fitness ??
      0;
    const rising = await fitness([20, 40, 60, 80, 98]);
    const settled = await fitness([70, 95, 96, 96, 96, 97]);
    expect(rising).toBeLessThan(0.3);
    expect(settled).toBeGreaterThan(0.5);
  });

  it('offer to go back when the kills came with a new image, and not to touch memory beyond the limit', async () => {
    const fixes = await fixesFor({ after: { image: 'shop:bbbbbbb' }, failed: oom, with: { maxMemory: 256 } });
    expect(fixes).toMatchObject([
      { cause: 'aws-ecs.BadRelease', action: 'aws-ecs.roll-back', parameters: { revision: 1 } },
    ]);
  });

  it('round up to usual sizes', () => {
    expect([3, 96, 512, 600, 1100, 2048, 2049].map(usualSize)).toEqual([4, 128, 512, 1024, 2048, 2048, 3072]);
  });
});

describe('the remedies for a changed variable', () => {
  const before = {
    environment: [
      { name: 'MODE', value: 'safe' },
      { name: 'API_TOKEN', value: 'old' },
    ],
  };
  const after = {
    environment: [
      { name: 'MODE', value: 'safe' },
      { name: 'API_TOKEN', value: 'new' },
      { name: 'POOL', value: '0' },
    ],
  };

  it('restore exactly the variables that differ, a secret by where it stands', async () => {
    const [best] = await fixesFor({ before, after, failed: { exitCode: 1 } });
    expect(best).toMatchObject({ cause: 'aws-ecs.BadEnvironment', fitness: 0.85 });
    expect(best?.parameters['environment']).toEqual([
      { name: 'API_TOKEN', restoreFrom: arn(1) },
      { name: 'POOL', value: null },
    ]);
  });

  it('are offered where nothing fails but the change', async () => {
    const fixes = await fixesFor({ before, after });
    expect(fixes.map(({ cause }) => cause)).toContain('aws-ecs.BadEnvironment');
  });

  it('are trusted less when a new image came with it, least where variables were only added', async () => {
    const fitness = async (environment: JsonObject[]): Promise<number | undefined> => {
      const story = { before, after: { environment, image: 'shop:bbbbbbb' }, failed: { exitCode: 1 } };
      return (await fixesFor(story)).find(({ cause }) => cause === 'aws-ecs.BadEnvironment')?.fitness;
    };
    expect(await fitness([{ name: 'MODE', value: 'other' }, before.environment[1] ?? {}])).toBe(0.65);
    expect(await fitness([...before.environment, { name: 'NEW', value: '1' }])).toBe(0.5);
  });

  it('are trusted as without a new image where its commits leave the code as it was', async () => {
    const [old, next] = ['a'.repeat(40), 'b'.repeat(40)];
    const ecs = new ScriptedEcs();
    ecs.define(1, {}, { image: `shop:${old}`, environment: [{ name: 'MODE', value: 'safe' }] });
    ecs.define(2, {}, { image: `shop:${next}`, environment: [{ name: 'MODE', value: 'other' }] });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [deploymentOf({ taskDefinition: arn(2) })] });
    const context = contextOf(ecs);
    const seen = await probe(context);
    const commit = (sha: string, position: number, path: string): Change => ({
      id: sha,
      node: 'shop/code',
      kind: 'Commit',
      at: '2026-01-01T00:00:00Z',
      summary: '',
      source: '',
      facts: { sha, position, files: [{ path }], fileCount: 1 },
    });
    const fitness = (path: string): number | undefined => {
      const changes = [...seen.changes, commit(next, 0, path), commit(old, 1, 'src/main.js')];
      return restoreEnvironment.propose({ node: context.node, ...seen, changes })[0]?.fitness;
    };
    expect(fitness('deploy/task-definition.json')).toBe(0.6);
    expect(fitness('src/main.js')).toBe(0.4);
  });

  it('are trusted more when an error names the variable or its value', async () => {
    const word = {
      id: 'l',
      node: 'shop/logs',
      kind: 'cloudwatch.NewErrorTemplate',
      severity: 'Warning',
      source: '',
    } as const;
    const ecs = new ScriptedEcs();
    ecs.define(1, {}, { environment: [{ name: 'DB', value: 'db-one' }] });
    ecs.define(2, {}, { environment: [{ name: 'DB', value: 'db-two' }] });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [deploymentOf({ taskDefinition: arn(2) })] });
    const context = contextOf(ecs);
    const seen = await probe(context);
    const propose = (summary: string): number | undefined => {
      const findings = [...seen.findings, { ...word, summary }];
      return restoreEnvironment.propose({ node: context.node, ...seen, findings })[0]?.fitness;
    };
    expect(propose('new in the log: getaddrinfo ENOTFOUND db-two')).toBe(0.85);
    expect(propose('new in the log: getaddrinfo ENOTFOUND db-twofold')).toBe(0.7);
    expect(propose('new in the log: out of paper')).toBe(0.6);
  });
});

describe('a revision that changed what no other remedy restores', () => {
  const after = { command: ['serve', '--port', '81'] };

  it('is gone back from where its tasks fail', async () => {
    const rollBack = async (failed: JsonObject, more: JsonObject = {}) =>
      (await fixesFor({ after: { ...after, ...more }, failed })).find(({ action }) => action === 'aws-ecs.roll-back');
    expect(await rollBack({ exitCode: 1 })).toMatchObject({ cause: 'aws-ecs.BadRelease', fitness: 0.6 });
    expect((await rollBack({ exitCode: 1 }))?.rationale).toContain('containerDefinitions[app].command');
    expect((await rollBack({ exitCode: 1 }, { image: 'shop:bbbbbbb' }))?.fitness).toBe(0.4);
    expect((await rollBack({ exitCode: 1 }, { memory: 64 }))?.fitness).toBe(0.25);
    expect((await rollBack({ reason: 'CannotPullContainerError: no' }))?.fitness).toBe(0.75);
  });

  it('is gone back from once, whatever shows it', async () => {
    const fixes = await fixesFor({ after, failed: { exitCode: 1 } });
    expect(fixes.filter(({ action }) => action === 'aws-ecs.roll-back')).toHaveLength(1);
  });

  it('is gone back from where tasks are missing and none has failed', async () => {
    const [best] = await fixesFor({ after });
    expect(best).toMatchObject({ cause: 'aws-ecs.BadRelease', parameters: { revision: 1 }, fitness: 0.6 });
  });

  it('is no suspect for what hurt before it, nor beside an image, sizes or variables', async () => {
    const proposed = async (since: number | undefined, changed: JsonObject) => {
      const ecs = new ScriptedEcs();
      ecs.define(1);
      ecs.define(2, { registeredAt: at(200) }, changed);
      ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [deploymentOf({ taskDefinition: arn(2) })] });
      const context = { ...contextOf(ecs), window: { from: new Date(at(0)), to: new Date(at(300)) } };
      const harm = {
        id: 'l',
        node: 'shop/logs',
        kind: 'cloudwatch.ErrorRateHigh',
        severity: 'Critical',
        summary: '',
        source: '',
        ...(since === undefined ? {} : { since: at(since) }),
      } as const;
      const seen = await probe(context);
      const findings = [...seen.findings, harm];
      return rollBackDefinition.propose({ node: context.node, ...seen, findings }).length;
    };
    expect(await proposed(230, after)).toBe(1);
    expect(await proposed(150, after)).toBe(1);
    expect(await proposed(undefined, after)).toBe(1);
    expect(await proposed(100, after)).toBe(0);
    expect(await proposed(230, {})).toBe(0);
    expect(await proposed(230, { ...after, image: 'shop:bbbbbbb' })).toBe(0);
    expect(await proposed(230, { ...after, environment: [{ name: 'A', value: 'b' }] })).toBe(0);
    expect(await proposed(230, { ...after, memory: 64 })).toBe(0);
  });
});

describe('the other remedies', () => {
  it('go back from an image that cannot be pulled', async () => {
    const ecs = await fixesFor({
      after: { image: 'shop:ccccccc' },
      failed: { reason: 'CannotPullContainerError: no' },
    });
    expect(ecs[0]).toMatchObject({ action: 'aws-ecs.roll-back', fitness: 0.75 });
  });

  it('start all tasks anew when some are missing and nothing says why', async () => {
    expect(await fixesFor({})).toMatchObject([{ cause: 'aws-ecs.TasksStuck', fitness: 0.2 }]);
  });

  it('bring back the tasks that somebody does not want any more', async () => {
    expect(await fixesFor({ desired: 0, with: { minTasks: 2 } })).toMatchObject([
      { cause: 'aws-ecs.ScaledDown', action: 'aws-ecs.scale', parameters: { by: 2 } },
    ]);
    expect(await fixesFor({ desired: 0, with: { minTasks: 0 } })).toEqual([]);
  });
});

it('a release that shows nothing is gone back from where others came to harm after it', () => {
  const harm: Finding = {
    id: 'h',
    node: 'caller',
    kind: 'cloudwatch.ErrorRateHigh',
    severity: 'Critical',
    summary: 'x',
    source: 's',
  };
  const propose = (difference: JsonObject) => {
    const revision = { taskDefinition: 'shop:2', previousTaskDefinition: 'shop:1', previousRevision: 1 };
    const facts = { ...revision, byThreehops: false, differences: [{ container: 'app', ...difference }] };
    const change: Change = {
      id: 'd',
      node: 'n',
      kind: 'Deploy',
      at: at(10),
      summary: 'deployed',
      source: 's',
      facts,
    };
    const { node } = contextOf(new ScriptedEcs());
    return remedies
      .filter(({ takesBack }) => takesBack === true)
      .flatMap((remedy) => remedy.propose({ node, findings: [harm], changes: [change], series: [] }));
  };
  expect(propose({ image: { from: 'shop:a', to: 'shop:b' } })).toMatchObject([
    { action: 'aws-ecs.roll-back', parameters: { revision: 1 }, fitness: 0.4 },
  ]);
  const variable = { name: 'MODE', from: 'a', to: 'b', redacted: false };
  expect(propose({ environment: [variable] }).map(({ action }) => action)).toEqual(['aws-ecs.update-task-definition']);
});
