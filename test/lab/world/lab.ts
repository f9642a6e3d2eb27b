import { DescribeServicesCommand, DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { createClient } from 'redis';
import { until } from '../parts/process.ts';
import type { FileContent } from '../forge/options.ts';
import type { ServiceRole } from './names.ts';
import { burst, type Seen } from './traffic.ts';
import { awaitRollout, type World } from './world.ts';

/** What a fault works with: the world, and the hands of a developer in it. */
export interface Lab extends Omit<World, 'stop'> {
  readonly signal: AbortSignal;
  /** A line for whoever watches. */
  readonly progress: (line: string) => void;
  /** Text of a file of the service's repository at a ref, `main` by default. */
  readFile(role: ServiceRole, path: string, ref?: string): Promise<string>;
  /** Commits to main as a developer with the right to; its workflow runs. Resolves when the workflow has ended. */
  commit(role: ServiceRole, commit: DeveloperCommit): Promise<Landed>;
  /** Resolves when the service's rollout is over and one deployment is left. */
  awaitRollout(role: ServiceRole, timeoutMs?: number): Promise<void>;
  /** Image tag (a commit's SHA) of the service's newest deployment. */
  runningSha(role: ServiceRole): Promise<string | undefined>;
  /** Tasks of a service that have stopped, newest first. */
  stoppedTasks(role: ServiceRole): Promise<readonly Task[]>;
  /** A command of Redis, such as `['SET', 'key', 'value']`. */
  cache(command: readonly string[]): Promise<unknown>;
  /** A bounded burst of users' requests at the gateway. More than 12 a second is more than the lab is made for. */
  burst(requests: number, requestsPerSecond: number): Promise<Seen>;
  /** Polls until `check` answers true. @throws when `timeoutMs` is over, naming what was waited for */
  until(what: string, check: () => Promise<boolean>, timeoutMs?: number): Promise<void>;
}

export interface DeveloperCommit {
  readonly message: string;
  /** New contents; null removes the file. */
  readonly files: Readonly<Record<string, FileContent | null>>;
}

export interface Landed {
  readonly sha: string;
  /** `success`, `failure` or `cancelled`. */
  readonly conclusion: string;
}

const developer = { name: 'Dana Developer', email: 'dana@lab.localhost' };
const pipelineTimeoutMs = 60_000;

export function labOf(world: World, signal: AbortSignal, progress: (line: string) => void): Lab {
  const { ecsClient, forge, names } = world;
  const show = (role: ServiceRole, path: string, ref: string): Promise<string> =>
    forge.git(world.repository(role), ['show', `${ref}:${path}`]);
  return {
    ...world,
    signal,
    progress,
    async readFile(role, path, ref = 'main') {
      return `${await show(role, path, ref)}\n`;
    },
    commit: (role, commit) => land(world, role, commit, signal),
    awaitRollout: (role, timeoutMs) => awaitRollout(world, role, timeoutMs),
    runningSha: (role) => runningSha(world, role),
    async stoppedTasks(role) {
      const service = { cluster: names.cluster, serviceName: names[role] };
      const { taskArns = [] } = await ecsClient.send(new ListTasksCommand({ ...service, desiredStatus: 'STOPPED' }));
      if (taskArns.length === 0) return [];
      const tasks = taskArns.slice(0, 100);
      const described = await ecsClient.send(new DescribeTasksCommand({ cluster: names.cluster, tasks }));
      return (described.tasks ?? []).toSorted((a, b) => Number(b.stoppedAt ?? 0) - Number(a.stoppedAt ?? 0));
    },
    cache: (command) => cacheCommand(world.redis.url, command),
    burst: (requests, requestsPerSecond) => burst(world.url('gateway'), requests, requestsPerSecond),
    async until(what, check, timeoutMs = 30_000) {
      const holds = async (): Promise<true | undefined> => {
        signal.throwIfAborted();
        return (await check()) ? true : undefined;
      };
      await until(what, holds, timeoutMs, 200);
    },
  };
}

async function land(world: World, role: ServiceRole, commit: DeveloperCommit, signal: AbortSignal): Promise<Landed> {
  const { forge } = world;
  const repository = world.repository(role);
  const sha = await forge.commit(repository, { ...commit, author: developer });
  const ended = async (): Promise<string | undefined> => {
    signal.throwIfAborted();
    const run = forge.runs(repository).findLast((candidate) => candidate.headSha === sha);
    return run?.status === 'completed' ? (run.conclusion ?? undefined) : undefined;
  };
  const conclusion = await until(`the workflow of ${sha.slice(0, 7)} in ${repository}`, ended, pipelineTimeoutMs, 200);
  return { sha, conclusion };
}

async function runningSha({ ecsClient, names }: World, role: ServiceRole): Promise<string | undefined> {
  const { cluster } = names;
  const service = { cluster, serviceName: names[role] };
  const { taskArns = [] } = await ecsClient.send(new ListTasksCommand({ ...service, desiredStatus: 'RUNNING' }));
  if (taskArns.length === 0) return undefined;
  const { services = [] } = await ecsClient.send(new DescribeServicesCommand({ cluster, services: [names[role]] }));
  const { tasks = [] } = await ecsClient.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  const newest = tasks.find((task) => task.taskDefinitionArn === services[0]?.taskDefinition);
  return newest?.containers?.[0]?.image?.split(':').at(-1);
}

async function cacheCommand(url: string, command: readonly string[]): Promise<unknown> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await client.sendCommand([...command]);
  } finally {
    client.destroy();
  }
}
