import { join } from 'node:path';
import { rfc3339 } from '../git/commits.ts';
import { initBare } from '../git/init.ts';
import type { Repository } from './repository.ts';
import { Tokens } from './tokens.ts';
import type { RefChange, Writes } from './writes.ts';

export interface WorldOptions {
  readonly repositoriesFolder: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly writes: Writes;
}

/** A ref that was moved, by whatever way. */
export interface RefMoved extends RefChange {
  readonly repository: Repository;
  readonly actor: string;
  /** True: no workflow is started by it. */
  readonly silent?: boolean;
}

export interface NewRepository {
  readonly fullName: string;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly protectedBranches: readonly string[];
}

const firstIds = { repository: 900_001, object: 3_000_000_001, workflow: 80_000_001, run: 17_000_000_001 } as const;

/** Everything that the forge holds; the git objects are in the bare repositories, the rest in memory. */
export class World {
  readonly tokens = new Tokens();
  readonly repositories = new Map<string, Repository>();
  readonly options: WorldOptions;
  /** `http://127.0.0.1:PORT`, known as soon as the server listens. */
  url = '';
  /** Told of every moved ref, before the write that moved it is answered. */
  onRefMoved: (moved: RefMoved) => Promise<void> = () => Promise.resolve();
  readonly #next: Record<keyof typeof firstIds, number> = { ...firstIds };

  constructor(options: WorldOptions) {
    this.options = options;
  }

  get apiUrl(): string {
    return `${this.url}/api/v3`;
  }

  get writes(): Writes {
    return this.options.writes;
  }

  now(): string {
    return rfc3339(this.options.now());
  }

  id(kind: keyof typeof firstIds): number {
    return this.#next[kind]++;
  }

  find(fullName: string): Repository | undefined {
    return this.repositories.get(fullName.toLowerCase());
  }

  /** @throws Error when there is none of that name. */
  get(fullName: string): Repository {
    const repository = this.find(fullName);
    if (repository === undefined) throw new Error(`the forge has no repository ${fullName}`);
    return repository;
  }

  async create(spec: NewRepository): Promise<Repository> {
    const [owner = '', name = ''] = spec.fullName.split('/', 2);
    if (!/^[\w.-]+\/[\w.-]+$/.test(spec.fullName)) throw new Error(`${spec.fullName} is not OWNER/REPOSITORY`);
    if (this.find(spec.fullName) !== undefined) throw new Error(`${spec.fullName} is there already`);
    const path = join(this.options.repositoriesFolder, owner, `${name}.git`);
    const git = await initBare(path, spec.defaultBranch, this.options.signal);
    const repository: Repository = {
      ...spec,
      id: this.id('repository'),
      owner,
      name,
      git,
      protectedBranches: new Set(spec.protectedBranches),
      createdAt: this.now(),
      pushedAt: this.now(),
      lastNumber: 0,
      pulls: [],
      comments: [],
      labels: new Map(),
      statuses: new Map(),
      workflows: new Map(),
      runs: [],
    };
    this.repositories.set(spec.fullName.toLowerCase(), repository);
    return repository;
  }
}
