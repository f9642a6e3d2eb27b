import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { sleepWith } from '../../../../controller/kube/clock.ts';
import type { ActionContext, ProbeContext, SkillClock, Tools } from '../../../../skills/skill.ts';

export const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
export const arn = (revision: number, family = 'shop'): string =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/${family}:${revision}`;

const revisionArn = (revision: number): string =>
  `arn:aws:ecs:eu-central-1:123456789012:service-revision/staging/shop/${revision}`;

/** A world of ECS that answers as the tool contract does, and keeps what was written. */
export class ScriptedEcs implements Tools {
  service: JsonObject = serviceOf({});
  running: JsonObject[] = [];
  stopped: JsonObject[] = [];
  /** The service's deployments of before, newest first: what each was to bring, and the rest of its brief. */
  past: (JsonObject & { readonly revision: number })[] = [];
  definitions = new Map<string, JsonObject>();
  /** Deregistered: not listed any more. */
  readonly inactive = new Set<string>();
  metrics: Readonly<Record<string, readonly (readonly [string, number])[]>> = {};
  readonly writes: { readonly tool: string; readonly args: JsonObject }[] = [];
  /** Operations or tools that fail, with what they throw. */
  readonly broken = new Map<string, Error>();

  async call(tool: string, args: JsonObject): Promise<Json> {
    this.#failIfBroken(tool);
    if (tool === 'get_metric_data') return this.#metric(args);
    if (tool !== 'ecs_resource_management') {
      this.writes.push({ tool, args });
      return { taskDefinition: arn(99), deployment: 'ecs-svc/99', desiredCount: 1, adopted: false };
    }
    const operation = args['api_operation'] as string;
    this.#failIfBroken(operation);
    return this.#read(operation, args['api_params'] as JsonObject);
  }

  define(revision: number, change: JsonObject = {}, container: JsonObject = {}, tags: Json[] = []): void {
    const definition = {
      taskDefinitionArn: arn(revision),
      family: 'shop',
      revision,
      registeredAt: at(revision),
      containerDefinitions: [{ name: 'app', image: 'shop:aaaaaaa', memory: 256, essential: true, ...container }],
      ...change,
    };
    this.definitions.set(arn(revision), { taskDefinition: definition, tags });
  }

  #failIfBroken(name: string): void {
    const error = this.broken.get(name);
    if (error !== undefined) throw error;
  }

  #read(operation: string, params: JsonObject): Json {
    switch (operation) {
      case 'DescribeServices':
        return { services: [this.service] };
      case 'ListTasks':
        return this.#page(this.#tasks(params['desiredStatus']), Number(params['nextToken'] ?? 0));
      case 'ListServiceDeployments':
        return {
          serviceDeployments: this.past.map(({ revision, ...brief }) => ({
            ...brief,
            targetServiceRevisionArn: revisionArn(revision),
          })),
        };
      case 'DescribeServiceRevisions': {
        const wanted = params['serviceRevisionArns'] as readonly string[];
        const known = [...new Set(this.past.map(({ revision }) => revision))];
        const asked = known.filter((revision) => wanted.includes(revisionArn(revision)));
        return {
          serviceRevisions: asked.map((revision) => ({
            serviceRevisionArn: revisionArn(revision),
            taskDefinition: arn(revision),
          })),
        };
      }
      case 'DescribeTasks': {
        const wanted = params['tasks'] as readonly Json[];
        if (wanted.length > 100) return { status: 'failed', error: 'Tasks cannot be more than 100' };
        return { tasks: [...this.running, ...this.stopped].filter((task) => wanted.includes(task['taskArn'] ?? '')) };
      }
      case 'ListTaskDefinitions':
        return {
          taskDefinitionArns: [...this.definitions.keys()].toReversed().filter((one) => !this.inactive.has(one)),
        };
      case 'DescribeTaskDefinition':
        return (
          this.definitions.get(params['taskDefinition'] as string) ?? { status: 'failed', error: 'no such revision' }
        );
      default:
        return { status: 'error', error: `${operation} is not scripted` };
    }
  }

  #page(tasks: readonly JsonObject[], from: number): Json {
    const to = from + 100;
    const taskArns = tasks.slice(from, to).map((task) => task['taskArn'] ?? '');
    return { taskArns, ...(to < tasks.length ? { nextToken: String(to) } : {}) };
  }

  #tasks(desired: Json | undefined): readonly JsonObject[] {
    return desired === 'STOPPED' ? this.stopped : this.running;
  }

  #metric(args: JsonObject): Json {
    const points = this.metrics[args['metric_name'] as string] ?? [];
    const datapoints = points.map(([timestamp, value]) => ({ timestamp, value }));
    return { metricDataResults: [{ id: 'm1', label: 'm', statusCode: 'Complete', datapoints }], messages: [] };
  }
}

export function deploymentOf(change: JsonObject = {}): JsonObject {
  return {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinition: arn(1),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    failedTasks: 0,
    createdAt: at(0),
    updatedAt: at(5),
    rolloutState: 'COMPLETED',
    ...change,
  };
}

export function serviceOf(change: JsonObject): JsonObject {
  return {
    serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/staging/shop',
    serviceName: 'shop',
    status: 'ACTIVE',
    taskDefinition: arn(1),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    deployments: [deploymentOf()],
    events: [],
    ...change,
  };
}

export function taskOf(id: string, change: JsonObject = {}, container: JsonObject = {}): JsonObject {
  return {
    taskArn: `arn:aws:ecs:eu-central-1:123456789012:task/staging/${id}`,
    taskDefinitionArn: arn(1),
    startedBy: 'ecs-svc/1',
    lastStatus: 'RUNNING',
    createdAt: at(10),
    startedAt: at(11),
    containers: [{ name: 'app', lastStatus: 'RUNNING', ...container }],
    ...change,
  };
}

export function stoppedTask(id: string, change: JsonObject, container: JsonObject): JsonObject {
  return taskOf(
    id,
    {
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: at(20),
      ...change,
    },
    { lastStatus: 'STOPPED', ...container },
  );
}

export const oom = { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' };

/** Sleeping moves its time. */
export class SteppingClock implements SkillClock {
  #ms: number;
  constructor(start: string) {
    this.#ms = Date.parse(start);
  }
  now(): Date {
    return new Date(this.#ms);
  }
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#ms += ms;
    return sleepWith(0, signal, (_, fire) => {
      setImmediate(fire);
      return () => undefined;
    });
  }
}

export function contextOf(
  tools: Tools,
  more: JsonObject = {},
  clock: SkillClock = new SteppingClock(at(60)),
): ProbeContext {
  return {
    node: { id: 'shop/ecs', name: 'ecs', type: 'compute', with: { cluster: 'staging', service: 'shop', ...more } },
    tools,
    clock,
    window: { from: new Date(at(0)), to: new Date(at(60)) },
    signal: new AbortController().signal,
  };
}

export function actionOf(
  tools: Tools,
  files: Readonly<Record<string, string>> = {},
  more: JsonObject = {},
): ActionContext {
  const { node, clock, signal } = contextOf(tools, more);
  return {
    node,
    tools,
    clock,
    signal,
    readFile: (path) => Promise.resolve(files[path]),
    manifestPaths: Object.keys(files),
  };
}
