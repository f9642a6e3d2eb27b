import type { Commit } from '../../../controller/actions/plan.ts';
import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { Severity } from '../../../controller/evidence/finding.ts';
import { ToolFailed } from '../../../controller/mcp/errors.ts';
import type { Pipeline } from '../../../controller/session/dependencies.ts';
import { Repository, type Files } from './repository.ts';

/** Something that is wrong with a node, as its probe would say it. */
export interface Ill {
  readonly node: string;
  readonly reason: string;
  readonly severity?: Severity;
  readonly summary?: string;
  /** Variables of the node's processes. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What is given of a world: its repository, what is wrong in which state, and what its pipeline thinks of a tree. */
export interface Story {
  readonly files: Files;
  readonly memory: number;
  ills(outside: Outside): readonly Ill[];
  pipeline?(files: Files): { readonly conclusion: string; readonly failure: string };
}

/** Something that was done outside. Done twice it is here twice. */
export interface Effect {
  readonly kind: 'act' | 'push' | 'pull request';
  readonly what: string;
}

interface Run {
  polls: number;
  readonly pipeline: Omit<Pipeline, 'status'>;
}

/** The world outside of the cluster: a service that runs from a repository, and a forge with a pipeline that deploys a branch. */
export class Outside {
  readonly story: Story;
  readonly repository: Repository;
  readonly effects: Effect[] = [];
  /** What runs. */
  live: { memory: number; commit: string; restarts: number; version: number };
  /** Keys of the acts that were made, as a tag on what they changed. */
  readonly keys = new Map<string, JsonObject>();
  /** Throws instead of answering, as a tool that is ill; by tool and node. */
  toolFault: (tool: string, args: JsonObject) => Error | undefined | 'never' = () => undefined;
  readonly #runs = new Map<string, Run>();

  constructor(story: Story) {
    this.story = story;
    this.repository = new Repository(story.files);
    this.live = { memory: story.memory, commit: this.repository.main, restarts: 0, version: 1 };
  }

  /** A number of the running build's config.json. */
  setting(key: string): number {
    const config = JSON.parse(this.repository.filesAt(this.live.commit)['config.json'] ?? '{}') as Record<
      string,
      number
    >;
    return config[key] ?? 0;
  }

  read(): JsonObject {
    return { ...this.live };
  }

  look(node: string): Json {
    return this.story
      .ills(this)
      .filter((ill) => ill.node === node)
      .map(({ reason, severity = 'Critical', summary = reason, environment = {} }) => ({
        reason,
        severity,
        summary,
        environment,
      }));
  }

  resize(memory: number, key: string): JsonObject {
    this.effects.push({ kind: 'act', what: `resize ${this.live.memory} to ${memory}` });
    this.#change({ memory });
    const done = { memory, version: this.live.version };
    this.keys.set(key, done);
    return done;
  }

  restart(): JsonObject {
    this.effects.push({ kind: 'act', what: 'restart' });
    this.#change({ restarts: this.live.restarts + 1 });
    return { restarts: this.live.restarts };
  }

  /** Somebody else changes the service. */
  interfere(): void {
    this.#change({});
  }

  push(commit: Commit): { readonly sha: string } {
    const { sha, moved } = this.repository.push(commit);
    if (moved) {
      this.effects.push({ kind: 'push', what: `push ${commit.branch} ${sha}` });
      const verdict = this.story.pipeline?.(this.repository.filesAt(sha)) ?? { conclusion: 'success', failure: '' };
      const url = `https://forge.example/runs/${this.#runs.size + 1}`;
      this.#runs.set(sha, { polls: 0, pipeline: { runId: this.#runs.size + 1, attempt: 1, url, ...verdict } });
    }
    return { sha };
  }

  /** Each look takes a run a step further; a run that passed has deployed its commit. */
  pipelineAt(sha: string): Pipeline | undefined {
    const run = this.#runs.get(sha);
    if (run === undefined) return undefined;
    run.polls += 1;
    if (run.polls < 3) return { ...run.pipeline, conclusion: '', status: run.polls === 1 ? 'Queued' : 'Running' };
    if (run.polls === 3 && run.pipeline.conclusion === 'success') this.#deploy(sha);
    return { ...run.pipeline, status: 'Completed' };
  }

  #deploy(sha: string): void {
    const task = this.repository.filesAt(sha)['deploy/task.json'];
    const { memory } = JSON.parse(task ?? JSON.stringify(this.live)) as { readonly memory: number };
    this.#change({ commit: sha, memory });
  }

  #change(change: Partial<Outside['live']>): void {
    this.live = { ...this.live, ...change, version: this.live.version + 1 };
  }
}

export function toolFailed(tool: string, reason: string): ToolFailed {
  return new ToolFailed({ server: 'shop', tool }, { code: 'Broken', reason });
}
