import { isAbsolute, join } from 'node:path';
import { cloneUrl } from '../shapes/repository.ts';
import { checkout } from './checkout.ts';
import type { JobContext } from './job-context.ts';
import { parseCommandFile } from './job-folder.ts';
import { runProcess } from './process.ts';
import type { StepSpec } from './workflow.ts';

/** A step whose expressions have been replaced. */
export interface ReadyStep {
  readonly spec: StepSpec;
  readonly number: number;
  readonly run: string;
  readonly with: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Those of the workflow file alone, for the log. */
  readonly shownEnv: Readonly<Record<string, string>>;
}

export interface StepOutcome {
  readonly succeeded: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step added for those after it. */
  readonly env: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

const nothing = { outputs: {}, env: {}, paths: [] };

const shells: Readonly<Record<string, readonly string[]>> = {
  '': ['bash', '-e'],
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
  sh: ['sh', '-e'],
  node: ['node'],
};

/** Runs one step and writes its log. */
export function runStep(context: JobContext, step: ReadyStep): Promise<StepOutcome> {
  return step.spec.uses === undefined ? runScript(context, step) : runAction(context, step, step.spec.uses);
}

async function runAction(context: JobContext, step: ReadyStep, uses: string): Promise<StepOutcome> {
  const { log } = context.job;
  const [action = ''] = uses.split('@', 1);
  group(log, `Run ${uses}`, step.with);
  if (action === 'actions/checkout') return runCheckout(context, step);
  if (action === 'actions/setup-node') {
    log.line(`The runner has node ${process.version}; nothing is set up.`);
    return { succeeded: true, ...nothing };
  }
  return failed(
    context,
    `Unable to resolve action ${uses}: the lab's runner has actions/checkout and actions/setup-node only`,
  );
}

async function runCheckout(context: JobContext, step: ReadyStep): Promise<StepOutcome> {
  const { world, repository, run, folder, token, signal, job } = context;
  try {
    const sha = await checkout({
      repository,
      folder: folder.workspace,
      sha: run.headSha,
      branch: run.headBranch,
      with: step.with,
      cloneUrl: cloneUrl(world, repository),
      token,
      signal,
    });
    job.log.line(`HEAD is now at ${sha}`);
    await folder.giveAway();
    return { succeeded: true, ...nothing };
  } catch (error) {
    return failed(context, error instanceof Error ? error.message : String(error));
  }
}

async function runScript(context: JobContext, step: ReadyStep): Promise<StepOutcome> {
  const { folder, job, isolation, signal } = context;
  const shell = shells[step.spec.shell ?? ''];
  if (shell === undefined) return failed(context, `The shell ${step.spec.shell} is not supported by the lab`);
  group(job.log, `Run ${step.run.trim().split('\n', 1)[0]}`, step.shownEnv, step.run, `${shell.join(' ')} {0}`);
  const script = folder.write(`${step.number}/script.sh`, step.run);
  const files = commandFiles(context, step);
  const argv = [...shell, script];
  const command = isolation.wrap(argv, folder.path, workingDirectory(context, step.spec));
  const env = { ...step.env, ...files };
  const onLine = (line: string): void => job.log.line(asLogLine(context, line));
  const code = await runProcess(command, { cwd: workingDirectory(context, step.spec), env, onLine, signal });
  const outcome = { succeeded: code === 0, ...readCommandFiles(context, step) };
  if (code !== 0 && !signal.aborted) job.log.line(`##[error]Process completed with exit code ${code}.`);
  return outcome;
}

function workingDirectory({ folder }: JobContext, { workingDirectory: inside = '.' }: StepSpec): string {
  return isAbsolute(inside) ? inside : join(folder.workspace, inside);
}

function failed({ job }: JobContext, message: string): StepOutcome {
  job.log.line(`##[error]${message}`);
  return { succeeded: false, ...nothing };
}

function commandFiles({ folder }: JobContext, { number }: ReadyStep): Record<string, string> {
  return {
    GITHUB_ENV: folder.write(`${number}/env`, ''),
    GITHUB_OUTPUT: folder.write(`${number}/output`, ''),
    GITHUB_PATH: folder.write(`${number}/path`, ''),
    GITHUB_STEP_SUMMARY: folder.write(`${number}/summary`, ''),
  };
}

function readCommandFiles({ folder }: JobContext, { number }: ReadyStep): Omit<StepOutcome, 'succeeded'> {
  return {
    env: parseCommandFile(folder.read(`${number}/env`)),
    outputs: parseCommandFile(folder.read(`${number}/output`)),
    paths: folder
      .read(`${number}/path`)
      .split('\n')
      .filter((line) => line !== ''),
  };
}

type Log = JobContext['job']['log'];

function group(log: Log, title: string, values: Readonly<Record<string, string>>, script = '', shell = ''): void {
  log.line(`##[group]${title}`);
  for (const line of script === '' ? [] : script.trimEnd().split('\n')) log.line(line);
  if (shell !== '') log.line(`shell: ${shell}`);
  const entries = Object.entries(values);
  if (entries.length > 0) log.line(shell === '' ? 'with:' : 'env:');
  for (const [name, value] of entries) log.line(`  ${name}: ${value}`);
  log.line('##[endgroup]');
}

/** `::error file=a::text` and the like become what GitHub shows of them. */
function asLogLine({ job }: JobContext, line: string): string {
  const found = /^::(error|warning|notice|debug|group|endgroup|add-mask)(?: [^:]*)?::(.*)$/.exec(line);
  if (found === null) return line;
  const [, word = '', text = ''] = found;
  if (word !== 'add-mask') return `##[${word}]${text}`;
  job.log.mask(text);
  return '::add-mask::***';
}
