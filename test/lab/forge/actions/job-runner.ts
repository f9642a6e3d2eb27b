import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { Conclusion, StepRecord } from '../world/run.ts';
import { condition, type JobStatus, type Scope, substitute } from './expression.ts';
import { ExpressionError } from './expression-parser.ts';
import { baseEnvironment, eventPayload, githubContext, type JobContext, runnerName } from './job-context.ts';
import { type ReadyStep, runStep, type StepOutcome } from './step.ts';
import type { StepSpec } from './workflow.ts';

/** What changes from step to step. */
interface Progress {
  status: JobStatus;
  env: Record<string, string>;
  readonly paths: string[];
  readonly steps: Record<string, JsonObject>;
}

type Values = Readonly<Record<string, string>>;

/** The records of a job's steps before any has run: GitHub frames them with one of its own on each side. */
export function plannedSteps(steps: readonly StepSpec[]): StepRecord[] {
  const names = ['Set up job', ...steps.map(stepName), 'Complete job'];
  return names.map((name, index) => ({
    name,
    number: index + 1,
    status: 'queued',
    conclusion: null,
    startedAt: null,
    completedAt: null,
  }));
}

function stepName({ name, uses, run }: StepSpec): string {
  return name ?? `Run ${uses ?? (run ?? '').trim().split('\n', 1)[0]}`;
}

/** Runs the steps of a job whose turn has come, to its conclusion. Ends early when its time is over or its signal aborted. */
export async function runJob(outer: JobContext): Promise<void> {
  const late = AbortSignal.timeout(outer.timeoutMs);
  const context: JobContext = { ...outer, signal: AbortSignal.any([outer.signal, late]) };
  const { world, job, spec } = context;
  const progress: Progress = { status: 'success', env: {}, paths: [], steps: {} };
  job.status = 'in_progress';
  job.startedAt = world.now();
  try {
    await bracket(context, 0, async () => setUp(context));
    for (const [index, step] of spec.steps.entries()) await advance(context, progress, step, index + 1);
    await bracket(context, spec.steps.length + 1, async () => job.log.line('Cleaning up orphan processes'));
    if (late.aborted)
      job.log.line(`##[error]The job has exceeded the maximum execution time of ${outer.timeoutMs / 1000} seconds.`);
    Object.assign(job.outputs, outputsOf(context, progress));
  } finally {
    context.folder.remove();
    job.status = 'completed';
    job.conclusion = progress.status;
    job.completedAt = world.now();
  }
}

async function setUp({
  job,
  folder,
  environment,
  token,
  isolation,
  spec,
  repository,
  run,
  world,
}: JobContext): Promise<void> {
  for (const secret of [token, ...Object.values(environment.secrets ?? {})]) job.log.mask(secret);
  job.log.line(`Runner name: '${runnerName}'`);
  job.log.line(`Runner labels: ${spec.runsOn.join(', ')}`);
  job.log.line(`Isolation: ${isolation.description}`);
  await folder.make();
  folder.write('event.json', JSON.stringify(eventPayload(world, repository, run)));
}

/** Marks a step as running around some work. */
async function bracket(context: JobContext, at: number, work: () => Promise<void>): Promise<StepRecord | undefined> {
  const { world, job } = context;
  const record = job.steps[at];
  if (record === undefined) return undefined;
  job.log.section(record.name);
  record.status = 'in_progress';
  record.startedAt = world.now();
  await work();
  record.status = 'completed';
  record.conclusion ??= 'success';
  record.completedAt = world.now();
  return record;
}

async function advance(context: JobContext, progress: Progress, spec: StepSpec, at: number): Promise<void> {
  if (context.signal.aborted) progress.status = 'cancelled';
  await bracket(context, at, async () => {
    const record = context.job.steps[at];
    if (record === undefined) return;
    const outcome = await attempt(context, progress, spec, at);
    record.conclusion = conclusionOf(context, outcome);
    keep(progress, spec, outcome, record.conclusion);
  });
}

/** The outcome of a step; undefined when it was skipped. */
async function attempt(
  context: JobContext,
  progress: Progress,
  spec: StepSpec,
  at: number,
): Promise<StepOutcome | undefined> {
  try {
    const env = environmentOf(context, progress, {});
    if (!condition(spec.condition, scopeOf(context, progress, env))) return undefined;
    return await runStep(context, ready(context, progress, spec, at));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    context.job.log.line(`##[error]${error.message}`);
    return { succeeded: false, outputs: {}, env: {}, paths: [] };
  }
}

function conclusionOf({ signal }: JobContext, outcome: StepOutcome | undefined): Conclusion {
  if (outcome === undefined) return 'skipped';
  if (outcome.succeeded) return 'success';
  return signal.aborted ? 'cancelled' : 'failure';
}

function keep(progress: Progress, spec: StepSpec, outcome: StepOutcome | undefined, outcomeWord: Conclusion): void {
  const forgiven = outcomeWord === 'failure' && spec.continueOnError;
  if (outcomeWord === 'cancelled' || (outcomeWord === 'failure' && !forgiven)) progress.status = outcomeWord;
  const conclusion = forgiven ? 'success' : outcomeWord;
  if (spec.id !== undefined)
    progress.steps[spec.id] = { outputs: { ...outcome?.outputs }, outcome: outcomeWord, conclusion };
  Object.assign(progress.env, outcome?.env);
  progress.paths.unshift(...(outcome?.paths ?? []));
}

function ready(context: JobContext, progress: Progress, spec: StepSpec, number: number): ReadyStep {
  const base = { ...baseEnvironment(context), GITHUB_EVENT_PATH: `${context.folder.temp}/event.json` };
  const shown = environmentOf(context, progress, spec.env);
  const path = [...progress.paths, base.PATH].join(':');
  const scope = scopeOf(context, progress, shown);
  return {
    spec,
    number,
    run: substitute(spec.run ?? '', scope),
    with: substituted(spec.with, scope),
    env: { ...base, PATH: path, ...shown },
    shownEnv: shown,
  };
}

/** The variables of the workflow file; each layer may use those before it. */
function environmentOf(context: JobContext, progress: Progress, stepEnv: Values): Values {
  const layers = [context.workflow.env, context.spec.env, progress.env, stepEnv];
  return layers.reduce<Values>(
    (env, layer) => ({ ...env, ...substituted(layer, scopeOf(context, progress, env)) }),
    {},
  );
}

function substituted(values: Values, scope: Scope): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, substitute(text, scope)]));
}

function scopeOf(context: JobContext, progress: Progress, env: Values): Scope {
  const { environment, needs, run, token, folder } = context;
  const contexts: Record<string, Json> = {
    github: githubContext(context),
    env: { ...env },
    secrets: { ...environment.secrets, GITHUB_TOKEN: token },
    vars: { ...environment.variables },
    inputs: { ...run.inputs },
    steps: progress.steps,
    needs: needs as unknown as JsonObject,
    job: { status: progress.status },
    runner: { os: 'Linux', name: runnerName, temp: folder.temp },
  };
  return { contexts, status: progress.status };
}

function outputsOf(context: JobContext, progress: Progress): Record<string, string> {
  return substituted(context.spec.outputs, scopeOf(context, progress, {}));
}

/** Does a job run at all? It needs what it names to have succeeded, unless its `if:` asks for something else. */
export function jobMayRun(context: JobContext): boolean {
  const results = Object.values(context.needs).map(({ result }) => result);
  if (results.includes('skipped') && !/always\s*\(/.test(context.spec.condition ?? '')) return false;
  const status = (['failure', 'cancelled'] as const).find((word) => results.includes(word)) ?? 'success';
  const progress: Progress = { status, env: {}, paths: [], steps: {} };
  return condition(context.spec.condition, scopeOf(context, progress, environmentOf(context, progress, {})));
}
