import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actions, botLogin } from './actions/actions.ts';
import { chooseIsolation, type Isolation } from './actions/isolation.ts';
import type { Runner } from './actions/attempt.ts';
import { Slots } from './actions/slots.ts';
import { commitFiles, createWithFiles } from './author.ts';
import { Downloads } from './http/downloads.ts';
import { Router } from './http/route.ts';
import { serve } from './http/server.ts';
import type { CommitOptions, ForgeOptions, RepositoryOptions } from './options.ts';
import { allRoutes } from './routes/all.ts';
import { cloneUrl } from './shapes/repository.ts';
import { followPulls } from './world/follow-pulls.ts';
import type { Pull, Repository } from './world/repository.ts';
import type { Run } from './world/run.ts';
import type { TokenOptions } from './world/tokens.ts';
import { World } from './world/world.ts';
import { type Counters, type OutsideWrite, Writes } from './world/writes.ts';
import { closeServer } from '../parts/listen.ts';

/** A GitHub-shaped forge on one machine: its REST API, git over HTTP, and Actions that really run. */
export interface Forge {
  /** `http://127.0.0.1:PORT`; git clones `${url}/OWNER/REPOSITORY.git`. */
  readonly url: string;
  /** `${url}/api/v3`: Octokit's `baseUrl`. */
  readonly apiUrl: string;
  /** Tokens of three users, for all repositories: `reader`, `threehops` (may write) and `admin`. */
  readonly tokens: { readonly read: string; readonly write: string; readonly admin: string };
  /** Every outside write so far, in the order of arrival. */
  readonly writes: readonly OutsideWrite[];
  readonly counters: Counters;
  addToken(options: TokenOptions): string;
  /** Answers the sha of the first commit; forty zeros for an empty repository. Not an outside write. */
  createRepository(fullName: string, options?: RepositoryOptions): Promise<string>;
  /** Commits to a branch as an administrator at the machine would, past its protection. Answers the sha. Not an outside write. */
  commit(fullName: string, options: CommitOptions): Promise<string>;
  /** Folder of the bare repository. */
  repositoryPath(fullName: string): string;
  cloneUrl(fullName: string): string;
  /** Runs git in the bare repository and answers its standard output without the last newline. @throws GitFailed */
  git(fullName: string, args: readonly string[]): Promise<string>;
  /** The forge's own records, to assert on: oldest first. */
  runs(fullName: string): readonly Run[];
  pulls(fullName: string): readonly Pull[];
  /** Resolves when no workflow run is under way. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a forge on a free port of 127.0.0.1. It ends with `options.signal`, and its workflow runs with it. */
export async function startForge(options: ForgeOptions): Promise<Forge> {
  options.signal.throwIfAborted();
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const world = makeWorld(options, signal);
  const workFolder = makeWorkFolder();
  const actions = new Actions(runnerOf(options, world, workFolder));
  world.onRefMoved = async (moved) => {
    followPulls(world, moved);
    if (moved.silent !== true) await actions.refMoved(moved);
  };
  const onError = options.onError ?? ((error: unknown): void => console.error('forge:', error));
  const server = await serve({ world, actions, downloads: new Downloads(), onError, router: new Router(allRoutes) });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= shutDown(server, actions, end, workFolder));
  signal.addEventListener('abort', () => void stop(), { once: true });
  return forgeOf(world, actions, stop);
}

function makeWorld(options: ForgeOptions, signal: AbortSignal): World {
  const now = options.now ?? ((): Date => new Date());
  const folder = join(options.dataDir, 'repositories');
  mkdirSync(folder, { recursive: true });
  return new World({ repositoriesFolder: realpathSync(folder), signal, now, writes: new Writes(options.onWrite, now) });
}

/** In the system's temporary folder and open to pass through, as the steps may run as another user. */
function makeWorkFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'threehops-forge-work-'));
  chmodSync(folder, 0o711);
  return folder;
}

function runnerOf(options: ForgeOptions, world: World, workFolder: string): Runner {
  const tokens = new Map<Repository, string>();
  let isolation: Promise<Isolation> | undefined;
  const bwrap = options.bwrap === undefined ? {} : { bwrap: options.bwrap };
  return {
    world,
    workFolder,
    slots: new Slots(options.concurrentJobs ?? 2),
    jobTimeoutMs: options.jobTimeoutMs ?? 60_000,
    isolation: () =>
      (isolation ??= chooseIsolation(
        { ...bwrap, workFolder, readOnlyPaths: options.readOnlyPaths ?? [] },
        world.options.signal,
      )),
    environment: (fullName) => options.actionsEnvironment?.(fullName) ?? {},
    token: (repository) => {
      const known = tokens.get(repository);
      const scope = { login: botLogin, scope: 'write', repositories: [repository.fullName] } as const;
      const token = known ?? world.tokens.add(scope);
      tokens.set(repository, token);
      return token;
    },
  };
}

async function shutDown(server: Server, actions: Actions, end: AbortController, workFolder: string): Promise<void> {
  end.abort(new Error('the forge was stopped'));
  await closeServer(server);
  await actions.idle();
  rmSync(workFolder, { recursive: true, force: true });
}

function forgeOf(world: World, actions: Actions, stop: () => Promise<void>): Forge {
  return {
    url: world.url,
    apiUrl: world.apiUrl,
    tokens: {
      read: world.tokens.add({ login: 'reader', scope: 'read' }),
      write: world.tokens.add({ login: 'threehops', scope: 'write' }),
      admin: world.tokens.add({ login: 'admin', scope: 'admin' }),
    },
    get writes() {
      return world.writes.all;
    },
    get counters() {
      return world.writes.counters;
    },
    addToken: (options) => world.tokens.add(options),
    createRepository: (fullName, options = {}) => createWithFiles(world, fullName, options),
    commit: (fullName, options) => commitFiles(world, world.get(fullName), options),
    repositoryPath: (fullName) => world.get(fullName).git.path,
    cloneUrl: (fullName) => cloneUrl(world, world.get(fullName)),
    git: (fullName, args) => world.get(fullName).git.text(args),
    runs: (fullName) => world.get(fullName).runs,
    pulls: (fullName) => world.get(fullName).pulls,
    idle: () => actions.idle(),
    stop,
  };
}
