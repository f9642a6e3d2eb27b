import { load } from 'js-yaml';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { isObject } from '../http/request.ts';
import { asText } from './expression.ts';

/** A workflow file that the forge cannot run; the message says which part of it. */
export class WorkflowInvalid extends Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`Invalid workflow file ${path}: ${reason}`, options);
    this.name = 'WorkflowInvalid';
  }
}

type Environment = Readonly<Record<string, string>>;

export interface StepSpec {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly condition: string | undefined;
  readonly uses: string | undefined;
  readonly run: string | undefined;
  readonly shell: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly env: Environment;
  readonly with: Environment;
  readonly continueOnError: boolean;
}

export interface JobSpec {
  readonly key: string;
  readonly name: string;
  readonly condition: string | undefined;
  readonly needs: readonly string[];
  readonly runsOn: readonly string[];
  readonly env: Environment;
  readonly outputs: Environment;
  readonly timeoutMinutes: number | undefined;
  readonly steps: readonly StepSpec[];
}

export interface PushTrigger {
  readonly branches: readonly string[] | undefined;
  readonly branchesIgnore: readonly string[] | undefined;
  readonly paths: readonly string[] | undefined;
  readonly pathsIgnore: readonly string[] | undefined;
  /** `tags` alone is given: pushes of branches do not count. */
  readonly tagsOnly: boolean;
}

export interface InputSpec {
  readonly required: boolean;
  readonly default: string | undefined;
}

export interface WorkflowSpec {
  readonly path: string;
  readonly name: string;
  readonly env: Environment;
  readonly push: PushTrigger | undefined;
  readonly dispatch: Readonly<Record<string, InputSpec>> | undefined;
  readonly jobs: readonly JobSpec[];
}

/** Reads a workflow file. @throws WorkflowInvalid for what GitHub refuses, and for what the forge does not do. */
export function parseWorkflow(path: string, text: string): WorkflowSpec {
  const file = new Part(path, '', loadYaml(path, text)).object();
  const triggers = file.at('on').triggers();
  const shell = file.at('defaults').at('run').at('shell').text();
  const jobs = Object.entries(file.at('jobs').object().value as JsonObject);
  if (jobs.length === 0) throw new WorkflowInvalid(path, 'it has no jobs');
  const specs = jobs.map(([key]) => parseJob(key, file.at('jobs').at(key), shell));
  checkNeeds(path, specs);
  return { path, name: file.at('name').text() ?? path, env: file.at('env').environment(), jobs: specs, ...triggers };
}

/** Every needed job is there, and none needs itself by way of others. */
function checkNeeds(path: string, jobs: readonly JobSpec[]): void {
  const settled = new Set<string>();
  for (let left = [...jobs]; left.length > 0;) {
    const free = left.filter(({ needs }) => needs.every((need) => settled.has(need)));
    if (free.length === 0) throw new WorkflowInvalid(path, `the needs of job ${left[0]?.key} cannot be met`);
    for (const { key } of free) settled.add(key);
    left = left.filter(({ key }) => !settled.has(key));
  }
}

function loadYaml(path: string, text: string): Json {
  try {
    return load(text) as Json;
  } catch (cause) {
    throw new WorkflowInvalid(path, 'it is not YAML', { cause });
  }
}

function parseJob(key: string, job: Part, fileShell: string | undefined): JobSpec {
  for (const unsupported of ['strategy', 'container', 'services', 'uses']) job.at(unsupported).mustBeAbsent();
  const shell = job.at('defaults').at('run').at('shell').text() ?? fileShell;
  const steps = job
    .at('steps')
    .list()
    .map((step) => parseStep(step, shell));
  if (steps.length === 0) job.at('steps').invalid('there are no steps');
  return {
    key,
    name: job.at('name').text() ?? key,
    condition: job.at('if').text(),
    needs: job.at('needs').texts() ?? [],
    runsOn: job.at('runs-on').texts() ?? job.at('runs-on').invalid('it is missing'),
    env: job.at('env').environment(),
    outputs: job.at('outputs').environment(),
    timeoutMinutes: job.at('timeout-minutes').number(),
    steps,
  };
}

function parseStep(step: Part, shell: string | undefined): StepSpec {
  const uses = step.at('uses').text();
  const run = step.at('run').text();
  if ((uses === undefined) === (run === undefined)) step.invalid('a step has either uses or run');
  return {
    id: step.at('id').text(),
    name: step.at('name').text(),
    condition: step.at('if').text(),
    uses,
    run,
    shell: step.at('shell').text() ?? shell,
    workingDirectory: step.at('working-directory').text(),
    env: step.at('env').environment(),
    with: step.at('with').environment(),
    continueOnError: step.at('continue-on-error').text() === 'true',
  };
}

/** A part of the file, with its place for messages. */
class Part {
  readonly value: Json | undefined;
  readonly #path: string;
  readonly #place: string;

  constructor(path: string, place: string, value: Json | undefined) {
    this.#path = path;
    this.#place = place;
    this.value = value;
  }

  invalid(reason: string): never {
    throw new WorkflowInvalid(this.#path, `${this.#place === '' ? 'the file' : this.#place}: ${reason}`);
  }

  at(key: string | number): Part {
    const place = this.#place === '' ? String(key) : `${this.#place}.${key}`;
    const value = isObject(this.value)
      ? this.value[key]
      : Array.isArray(this.value)
        ? this.value[Number(key)]
        : undefined;
    return new Part(this.#path, place, value as Json | undefined);
  }

  object(): this {
    return isObject(this.value) ? this : this.invalid('it must be a mapping');
  }

  mustBeAbsent(): void {
    if (this.value !== undefined) this.invalid('it is not supported by the lab');
  }

  text(): string | undefined {
    if (this.value === undefined || this.value === null) return undefined;
    return typeof this.value === 'object' ? this.invalid('it must be a text') : asText(this.value);
  }

  number(): number | undefined {
    return this.value === undefined ? undefined : Number(this.value);
  }

  list(): Part[] {
    if (this.value === undefined) return [];
    return Array.isArray(this.value)
      ? this.value.map((_item, index) => this.at(index))
      : this.invalid('it must be a list');
  }

  /** One text or a list of them. */
  texts(): string[] | undefined {
    if (this.value === undefined || this.value === null) return undefined;
    return Array.isArray(this.value) ? this.list().map((item) => item.text() ?? '') : [this.text() ?? ''];
  }

  environment(): Environment {
    if (this.value === undefined || this.value === null) return {};
    const keys = Object.keys(this.object().value as JsonObject);
    return Object.fromEntries(keys.map((key) => [key, this.at(key).text() ?? '']));
  }

  triggers(): Pick<WorkflowSpec, 'push' | 'dispatch'> {
    const events = isObject(this.value) ? Object.keys(this.value) : this.texts();
    if (events === undefined) return this.invalid('it is missing');
    const push = events.includes('push') ? this.at('push').pushTrigger() : undefined;
    return { push, dispatch: events.includes('workflow_dispatch') ? this.at('workflow_dispatch').inputs() : undefined };
  }

  pushTrigger(): PushTrigger {
    const branches = this.at('branches').texts();
    const branchesIgnore = this.at('branches-ignore').texts();
    const tagged = this.at('tags').value !== undefined || this.at('tags-ignore').value !== undefined;
    return {
      branches,
      branchesIgnore,
      paths: this.at('paths').texts(),
      pathsIgnore: this.at('paths-ignore').texts(),
      tagsOnly: tagged && branches === undefined && branchesIgnore === undefined,
    };
  }

  inputs(): Readonly<Record<string, InputSpec>> {
    const inputs = this.at('inputs');
    const names = isObject(inputs.value) ? Object.keys(inputs.value) : [];
    return Object.fromEntries(
      names.map((name) => {
        const input = inputs.at(name);
        return [name, { required: input.at('required').text() === 'true', default: input.at('default').text() }];
      }),
    );
  }
}
