import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { probe as wholeProbe } from '../../../../skills/aws-ecs/probe.ts';
import type { ProbeContext } from '../../../../skills/skill.ts';
import { arn, at, contextOf, deploymentOf, oom, ScriptedEcs, serviceOf, stoppedTask, taskOf } from './scripted-ecs.ts';

function world(change: (ecs: ScriptedEcs) => void = () => undefined): ScriptedEcs {
  const ecs = new ScriptedEcs();
  ecs.define(1);
  ecs.running = [taskOf('a')];
  change(ecs);
  return ecs;
}

const runningBuild = 'aws-ecs.RunningBuild';

/** Without what every look tells. */
async function probe(context: ProbeContext): ReturnType<typeof wholeProbe> {
  const result = await wholeProbe(context);
  return { ...result, findings: result.findings.filter(({ kind }) => kind !== runningBuild) };
}

const kinds = async (ecs: ScriptedEcs): Promise<readonly string[]> =>
  (await probe(contextOf(ecs))).findings.map(({ kind }) => kind.replace('aws-ecs.', ''));

describe('the probe of a service', () => {
  it('finds nothing on one that is well, and says what it looked at', async () => {
    const result = await probe(contextOf(world()));
    expect(result).toMatchObject({
      findings: [],
      series: [],
      changes: [],
      logTemplates: [],
      gaps: [],
      identity: 'ecs:staging/shop',
    });
  });

  it('tells whom what runs is configured to call, and not whom an older revision was', async () => {
    const url = (host: string) => ({ environment: [{ name: 'MAIL_URL', value: `https://user:pass@${host}/send` }] });
    const { peers } = await probe(
      contextOf(
        world((ecs) => {
          ecs.define(1, {}, url('old.partner.io'));
          ecs.define(2, {}, url('mail.partner.io'));
          ecs.service = serviceOf({ taskDefinition: arn(2) });
        }),
      ),
    );
    expect(peers).toEqual([{ name: 'mail.partner.io', role: 'Called', by: 'Configuration', source: 'MAIL_URL' }]);
  });

  it('tells which commit runs, where the tag of the image is one', async () => {
    const running = async (image: string): Promise<unknown> => {
      const { findings } = await wholeProbe(contextOf(world((ecs) => ecs.define(1, {}, { image }))));
      return findings.find(({ kind }) => kind === runningBuild);
    };
    expect(await running('registry:5000/shop:main-bbbbbbb1')).toMatchObject({
      severity: 'Info',
      facts: { commit: 'bbbbbbb1', image: 'registry:5000/shop:main-bbbbbbb1' },
    });
    expect(await running('shop:latest')).toBeUndefined();
  });

  it('tells how often, how long after its start and at which limit a container ran out of memory', async () => {
    const ecs = world((one) => {
      one.stopped = [
        stoppedTask('x', { startedAt: at(11), stoppedAt: at(20) }, oom),
        stoppedTask('y', { startedAt: at(21), stoppedAt: at(36) }, oom),
      ];
    });
    const [finding] = (await probe(contextOf(ecs))).findings;
    expect(finding).toMatchObject({
      id: 'shop/ecs:aws-ecs.OutOfMemory:app@shop:1',
      severity: 'Critical',
      since: at(20),
      value: 2,
      facts: {
        container: 'app',
        memory: 256,
        limitOf: 'container',
        taskDefinition: arn(1),
        aliveSeconds: [9, 15],
        everSteady: true,
      },
    });
  });

  it.each([
    ['an exit code', {}, { exitCode: 3 }, ['ExitedNonZero']],
    ['a kill without a reason', {}, { exitCode: 137 }, ['ExitedNonZero']],
    ['an end with code 0', {}, { exitCode: 0 }, ['ExitedZero']],
    ['an end with code 0 that was asked for', { stopCode: 'UserInitiated' }, { exitCode: 0 }, []],
    [
      'a task that a deployment stopped',
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity' },
      { exitCode: 143 },
      [],
    ],
    ['a person who stopped it', { stopCode: 'UserInitiated' }, { exitCode: 137 }, []],
    [
      'the container health check',
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed container health checks' },
      {},
      ['HealthCheckFailed'],
    ],
    [
      'the load balancer',
      { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Task failed ELB health checks in (target-group x)' },
      {},
      ['HealthCheckFailed'],
    ],
    [
      'an image that is not there',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' },
      {},
      ['ImagePullFailed'],
    ],
    [
      'another failure to start',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'ResourceInitializationError: no secret' },
      {},
      ['StartFailed'],
    ],
    [
      'the memory of the whole task',
      { stoppedReason: 'OutOfMemoryError: Container killed due to memory usage' },
      { exitCode: 137 },
      ['OutOfMemory'],
    ],
  ])('reads %s', async (_, task, container, expected) => {
    expect(await kinds(world((one) => (one.stopped = [stoppedTask('x', task, container)])))).toEqual(expected);
  });

  it('takes a kill without a reason for one of memory when memory was nearly used up', async () => {
    const ecs = world((one) => {
      one.stopped = [stoppedTask('x', {}, { exitCode: 137 })];
      one.metrics = {
        MemoryUtilization: [
          [at(12), 60],
          [at(19), 97],
        ],
      };
    });
    expect(await kinds(ecs)).toEqual(['OutOfMemory']);
  });

  it('leaves out what stopped outside the window', async () => {
    const ecs = world(
      (one) =>
        (one.stopped = [stoppedTask('x', { stoppedAt: at(-1) }, oom), stoppedTask('y', { stoppedAt: at(61) }, oom)]),
    );
    expect(await kinds(ecs)).toEqual([]);
  });

  it('leaves out failures of what a completed deployment has replaced', async () => {
    const ecs = world((one) => {
      one.define(2);
      one.service = serviceOf({
        taskDefinition: arn(2),
        deployments: [deploymentOf({ id: 'ecs-svc/2', taskDefinition: arn(2), createdAt: at(25), updatedAt: at(40) })],
      });
      one.stopped = [stoppedTask('x', { stoppedAt: at(30) }, oom)];
    });
    expect(await kinds(ecs)).toEqual([]);
  });

  it('keeps failures of a revision that the circuit breaker went back from', async () => {
    const ecs = world((one) => {
      one.define(2);
      one.service = serviceOf({
        events: [
          {
            createdAt: at(40),
            message: '(service shop) (deployment ecs-svc/2) deployment failed: tasks failed to start.',
          },
        ],
        deployments: [deploymentOf({ updatedAt: at(45) })],
      });
      one.stopped = [
        stoppedTask('x', { startedBy: 'ecs-svc/2', taskDefinitionArn: arn(2), stoppedAt: at(30) }, { exitCode: 1 }),
      ];
    });
    const { findings } = await probe(contextOf(ecs));
    expect(findings.map(({ kind }) => kind)).toEqual(['aws-ecs.ExitedNonZero', 'aws-ecs.CircuitBreakerTripped']);
    expect(findings[1]).toMatchObject({ since: at(40), facts: { revision: 2 } });
  });

  it('tells a rollout that failed, one that goes on, and missing tasks', async () => {
    const failed = deploymentOf({
      id: 'ecs-svc/2',
      status: 'ACTIVE',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      failedTasks: 3,
    });
    const back = deploymentOf({ rolloutState: 'IN_PROGRESS', runningCount: 0 });
    const ecs = world((one) => (one.service = serviceOf({ runningCount: 0, deployments: [back, failed] })));
    expect(await kinds(ecs)).toEqual(['CircuitBreakerTripped', 'RolloutInProgress', 'TasksMissing']);
  });

  it('tells a service that was scaled below what the map wants, but for one that may be asleep', async () => {
    const asleep = world((one) => {
      one.service = serviceOf({ desiredCount: 0, runningCount: 0 });
      one.running = [];
    });
    const told = async (minTasks: number) => (await probe(contextOf(asleep, { minTasks }))).findings;
    expect(await told(2)).toMatchObject([
      { kind: 'aws-ecs.ScaledBelowMinimum', severity: 'Critical', value: 0, threshold: 2, unit: 'tasks' },
    ]);
    expect(await told(0)).toEqual([]);
    const few = world();
    expect((await probe(contextOf(few, { minTasks: 2 }))).findings).toMatchObject([{ severity: 'Warning', value: 1 }]);
  });
});

it('tasks that are on their way are no trouble while others run and none has failed', async () => {
  const missing = async (running: number, pending: number): Promise<readonly string[]> => {
    const ecs = world((one) => {
      one.service = serviceOf({ desiredCount: 4, runningCount: running, pendingCount: pending });
    });
    const { findings } = await probe(contextOf(ecs));
    return findings.filter(({ kind }) => kind === 'aws-ecs.TasksMissing').map(({ severity }) => severity);
  };
  expect(await missing(2, 2)).toEqual(['Info']);
  expect(await missing(2, 1)).toEqual(['Warning']);
  expect(await missing(0, 4)).toEqual(['Critical']);
});

describe('the changes of a service', () => {
  const withChange = (container: object, tags: { key: string; value: string }[] = []): ScriptedEcs =>
    world((one) => {
      one.define(
        1,
        {},
        {
          environment: [
            { name: 'DB_HOST', value: 'db-1' },
            { name: 'DB_PASSWORD', value: 'one' },
          ],
        },
      );
      one.define(
        2,
        {},
        {
          environment: [
            { name: 'DB_HOST', value: 'db-1' },
            { name: 'DB_PASSWORD', value: 'one' },
          ],
          ...container,
        },
        tags,
      );
      one.service = serviceOf({
        taskDefinition: arn(2),
        deployments: [deploymentOf({ taskDefinition: arn(2), createdAt: at(7) })],
      });
      one.running = [];
    });

  it('tell a new image as a Deploy with its commit', async () => {
    const { changes, findings } = await probe(contextOf(withChange({ image: 'registry:5000/shop:main-bbbbbbb1' })));
    expect(changes).toMatchObject([
      { kind: 'Deploy', at: at(7), facts: { commit: 'bbbbbbb1', previousCommit: 'aaaaaaa', previousRevision: 1 } },
    ]);
    expect(findings).toEqual([]);
  });

  it('stay as old as they are when the same revision is deployed anew, which is a change of its own', async () => {
    const ecs = withChange({ memory: 64 });
    const anew = deploymentOf({ id: 'ecs-svc/9', taskDefinition: arn(2), createdAt: at(3000) });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [anew] });
    const { changes } = await probe(contextOf(ecs));
    expect(changes.map(({ kind, at: when }) => [kind, when])).toEqual([
      ['Configuration', at(2)],
      ['Deploy', at(3000)],
    ]);
    expect(changes[1]?.facts).toEqual({ deployment: 'ecs-svc/9', taskDefinition: arn(2) });
    const replaced = deploymentOf({ id: 'ecs-svc/2', status: 'ACTIVE', taskDefinition: arn(2), createdAt: at(7) });
    const soon = deploymentOf({ id: 'ecs-svc/9', taskDefinition: arn(2), createdAt: at(40) });
    ecs.service = serviceOf({ taskDefinition: arn(2), deployments: [soon, replaced] });
    expect((await probe(contextOf(ecs))).changes.map(({ at: when }) => when)).toEqual([at(7), at(40)]);
  });

  it('tell sizes and variables as a Configuration, and as a finding where they are of the window', async () => {
    const environment = [
      { name: 'DB_HOST', value: 'db-2' },
      { name: 'DB_PASSWORD', value: 'two' },
    ];
    const result = await probe(contextOf(withChange({ memory: 64, environment })));
    const differences = [
      {
        container: 'app',
        memory: { from: 256, to: 64 },
        environment: [
          { name: 'DB_HOST', from: 'db-1', to: 'db-2', redacted: false },
          { name: 'DB_PASSWORD', from: '[REDACTED]', to: '[REDACTED]', redacted: true },
        ],
      },
    ];
    expect(result.changes).toMatchObject([{ kind: 'Configuration', facts: { differences, byThreehops: false } }]);
    expect(result.findings).toMatchObject([
      { kind: 'aws-ecs.TaskDefinitionChanged', severity: 'Info', facts: { differences } },
    ]);
    expect(JSON.stringify(result)).not.toMatch(/"(one|two)"/);
  });

  it('tell all else by its paths, without what stands there, beside a new image too', async () => {
    const more = { command: ['s3cret'], secrets: [{ name: 'KEY', valueFrom: 's3cret' }], mountPoints: [] };
    const others = ['containerDefinitions[app].command', 'containerDefinitions[app].secrets'];
    const summary = `shop:2 changed ${others.join(', ')}`;
    const alone = await probe(contextOf(withChange(more)));
    expect(alone.changes).toMatchObject([{ kind: 'Configuration', summary, facts: { differences: [], others } }]);
    expect(alone.findings).toMatchObject([{ kind: 'aws-ecs.TaskDefinitionChanged', summary, facts: { others } }]);
    expect(JSON.stringify(alone)).not.toContain('s3cret');
    const beside = await probe(contextOf(withChange({ ...more, image: 'shop:bbbbbbb', memory: 64 })));
    expect(beside.changes.map(({ kind }) => kind)).toEqual(['Deploy', 'Configuration']);
    expect(beside.changes[1]?.summary).toBe(`shop:2 changed app: memory 256 -> 64 MiB; ${others.join(', ')}`);
  });

  it('leave out what ECS writes itself, and the sizes of a task where a container tells of them', async () => {
    const told = async (before: JsonObject, after: JsonObject, own: JsonObject = {}) => {
      const ecs = withChange({});
      ecs.define(1, before, own);
      ecs.define(2, after, own);
      return (await probe(contextOf(ecs))).changes.map(({ facts }) => [facts?.['differences'], facts?.['others']]);
    };
    const given = { status: 'INACTIVE', requiresAttributes: [{ name: 'x' }], registeredBy: 'y', deregisteredAt: at(3) };
    expect(await told(given, {})).toEqual([]);
    expect(await told({ cpu: '256' }, { cpu: '512' })).toEqual([
      [[{ container: 'app', cpu: { from: 256, to: 512 } }], undefined],
    ]);
    expect(await told({ cpu: '256' }, { cpu: '512' }, { cpu: 128 })).toEqual([[[], ['cpu']]]);
    expect(await told({}, { taskRoleArn: 'r', networkMode: 'host' })).toEqual([[[], ['networkMode', 'taskRoleArn']]]);
  });

  it('are told against a revision that has been deregistered since', async () => {
    const ecs = withChange({ memory: 64 });
    ecs.inactive.add(arn(1));
    expect((await probe(contextOf(ecs))).changes).toMatchObject([{ kind: 'Configuration' }]);
  });

  it('mark the acts of a session, which are no suspects', async () => {
    const result = await probe(
      contextOf(withChange({ memory: 512 }, [{ key: 'threehops.dev/action-id', value: 'a1' }])),
    );
    expect(result.changes).toMatchObject([{ facts: { byThreehops: true } }]);
    expect(result.findings).toEqual([]);
  });
});

describe('what a probe could not see', () => {
  it('costs a gap each, and no more', async () => {
    const ecs = world((one) => {
      for (const name of ['ListTaskDefinitions', 'get_metric_data']) one.broken.set(name, new Error(`${name} is down`));
    });
    const { gaps } = await probe(contextOf(ecs));
    expect(gaps.map(({ what }) => what)).toEqual(['cpu utilisation', 'earlier revisions', 'memory utilisation']);
  });

  it('is everything when the service itself cannot be read', async () => {
    await expect(
      probe(contextOf(world((one) => one.broken.set('DescribeServices', new Error('down'))))),
    ).rejects.toThrow('down');
    await expect(
      probe(contextOf(world((one) => (one.service = serviceOf({ status: 'INACTIVE' }))))),
    ).rejects.toMatchObject({
      name: 'ServiceMissingError',
    });
  });

  it('is the shape of memory where there are no samples of it', async () => {
    const { gaps } = await probe(contextOf(world((one) => (one.stopped = [stoppedTask('x', {}, oom)]))));
    expect(gaps).toMatchObject([{ node: 'shop/ecs', what: 'memory over time' }]);
  });

  it('is said of a server that answers all variables redacted', async () => {
    const ecs = world((one) => one.define(1, {}, { environment: [{ name: 'A', value: '[REDACTED]' }] }));
    expect((await probe(contextOf(ecs))).gaps).toMatchObject([{ what: 'environment values' }]);
  });
});
