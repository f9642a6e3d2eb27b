import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding } from '../../controller/evidence/finding.ts';
import { numberOf, objectOf, textOf } from '../lib/reading.ts';
import type { VariableDifference } from '../lib/variables.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../skill.ts';
import type { Difference } from './changes.ts';
import { settingsOf } from './parameters.ts';

function findingOf({ findings }: RemedyContext, reason: string): Finding | undefined {
  return findings.find(({ kind }) => kind === `aws-lambda.${reason}`);
}

interface ConfigurationStep {
  readonly at: string;
  readonly previousVersion: string;
  readonly difference: Difference;
}

/** The newest change of the configuration that is not our own. */
function lastChange({ changes }: RemedyContext): ConfigurationStep | undefined {
  const [last] = changes
    .filter(({ kind, facts }) => kind === 'Configuration' && facts?.['byThreehops'] === false)
    .filter(({ facts }) => textOf(facts?.['previousVersion']) !== undefined)
    .toSorted((a, b) => b.at.localeCompare(a.at));
  if (last === undefined) return undefined;
  const previousVersion = textOf(last.facts?.['previousVersion']) ?? '';
  return { at: last.at, previousVersion, difference: objectOf(last.facts?.['difference']) as Difference };
}

/** Slower since the function was changed, and by no older change of its configuration. */
function changeThatSlowed(context: RemedyContext): ConfigurationStep | undefined {
  const change = lastChange(context);
  return change?.at === findingOf(context, 'DurationRisen')?.since ? change : undefined;
}

const raiseConcurrency: Remedy = {
  id: 'aws-lambda.raise-concurrency',
  forKinds: ['aws-lambda.Throttled', 'aws-lambda.ConcurrencyAtLimit'],
  cause: 'aws-lambda.ConcurrencyTooLow',
  propose(context) {
    const throttled = findingOf(context, 'Throttled');
    const reserved = numberOf((throttled ?? findingOf(context, 'ConcurrencyAtLimit'))?.facts?.['reserved']);
    if (reserved === undefined) return [];
    const wanted = Math.min(settingsOf(context.node.with).maxConcurrency, concurrencyFor(reserved, throttled));
    if (wanted <= reserved) return [];
    return [
      {
        action: 'aws-lambda.set-concurrency',
        parameters: { reserved: wanted },
        rationale: `calls are refused at a reserved concurrency of ${reserved}: reserve ${wanted}`,
        fitness: throttled === undefined ? 0.2 : 0.85,
      },
    ];
  },
};

/** Named so that a diagnosis can blame it: who of the account takes how much, and whether it gets more, is for its owner to say. */
const accountConcurrency: Remedy = {
  id: 'aws-lambda.account-concurrency',
  forKinds: ['aws-lambda.AccountConcurrencyAtLimit'],
  cause: 'aws-lambda.AccountConcurrencyUsedUp',
  propose: () => [],
};

/** What was let through took all of it, so what was asked for takes as many times more; twice that for peaks. */
function concurrencyFor(reserved: number, throttled: Finding | undefined): number {
  const calls = numberOf(throttled?.facts?.['calls']) ?? 1;
  const through = Math.max(1, calls - (numberOf(throttled?.facts?.['throttles']) ?? 0));
  return Math.max(10, Math.ceil(2 * Math.max(1, reserved) * Math.min(10, calls / through)));
}

/** What it had before it was lowered to what it has; undefined where it was not. */
function loweredFrom(change: { readonly from: number } | undefined, present: number): number | undefined {
  return change !== undefined && change.from > present ? change.from : undefined;
}

const raiseTimeout: Remedy = {
  id: 'aws-lambda.raise-timeout',
  forKinds: ['aws-lambda.TimedOut', 'aws-lambda.DurationNearTimeout'],
  cause: 'aws-lambda.TimeoutTooShort',
  propose(context) {
    const timedOut = findingOf(context, 'TimedOut');
    const present = numberOf((timedOut ?? findingOf(context, 'DurationNearTimeout'))?.facts?.['timeoutSeconds']);
    if (present === undefined) return [];
    const before = loweredFrom(lastChange(context)?.difference.timeoutSeconds, present);
    const wanted = Math.min(settingsOf(context.node.with).maxTimeoutSeconds, before ?? 2 * present);
    if (wanted <= present) return [];
    const why = before === undefined ? 'what it does takes longer' : `it was ${before} s before`;
    return [
      {
        action: 'aws-lambda.update-configuration',
        parameters: { timeoutSeconds: wanted },
        rationale: `invocations do not end within ${present} s, and ${why}: allow ${wanted} s`,
        fitness: timedOut === undefined ? 0.2 : before === undefined ? 0.45 : 0.9,
      },
    ];
  },
};

/** Memory brings its share of the processor: with less of it a function is slower. */
const raiseMemory: Remedy = {
  id: 'aws-lambda.raise-memory',
  forKinds: ['aws-lambda.OutOfMemory', 'aws-lambda.DurationRisen'],
  cause: 'aws-lambda.MemoryTooLow',
  propose(context) {
    const killed = findingOf(context, 'OutOfMemory');
    const memory = numberOf((killed ?? findingOf(context, 'DurationRisen'))?.facts?.['memory']);
    if (memory === undefined) return [];
    const change = killed === undefined ? changeThatSlowed(context) : lastChange(context);
    const before = loweredFrom(change?.difference.memory, memory);
    if (killed === undefined && before === undefined) return [];
    const wanted = Math.min(settingsOf(context.node.with).maxMemory, before ?? 2 * memory);
    if (wanted <= memory) return [];
    const shows = killed === undefined ? 'slow' : 'killed';
    return [moreMemory(`invocations are ${shows} at ${memory} MiB`, wanted, before)];
  },
};

function moreMemory(shows: string, wanted: number, before: number | undefined): ProposedFix {
  const why = before === undefined ? 'it needs more' : `it had ${before} MiB before`;
  return {
    action: 'aws-lambda.update-configuration',
    parameters: { memory: wanted },
    rationale: `${shows}, and ${why}: give ${wanted} MiB`,
    fitness: before === undefined ? 0.6 : 0.9,
  };
}

const failing = ['ErrorRateHigh', 'TimedOut', 'OutOfMemory', 'DurationRisen'];

/** Variables that were changed make the function fail, or take long: restore exactly those. */
const restoreEnvironment: Remedy = {
  id: 'aws-lambda.restore-environment',
  forKinds: [...failing, 'ConfigurationChanged'].map((reason) => `aws-lambda.${reason}`),
  cause: 'aws-lambda.BadEnvironment',
  takesBack: true,
  propose(context) {
    const change = lastChange(context);
    const variables = change?.difference.environment ?? [];
    if (change === undefined || variables.length === 0) return [];
    return [proposal(context, change, variables)];
  },
};

function proposal(
  context: RemedyContext,
  change: ConfigurationStep,
  variables: readonly VariableDifference[],
): ProposedFix {
  const environment = variables.map(({ name, from, redacted }): JsonObject => {
    // A secret is restored by where it stands, not by what it is.
    return redacted && from !== null ? { name, fromVersion: change.previousVersion } : { name, value: from };
  });
  const names = variables.map(({ name }) => name).join(', ');
  const limited = ['TimedOut', 'OutOfMemory', 'Throttled'].some((reason) => findingOf(context, reason) !== undefined);
  const errors = findingOf(context, 'ErrorRateHigh') !== undefined;
  const slower = findingOf(context, 'DurationRisen')?.since === change.at;
  return {
    action: 'aws-lambda.update-configuration',
    parameters: { environment },
    rationale: `${names} changed at ${change.at}: restore what version ${change.previousVersion} has`,
    fitness: limited ? 0.35 : errors ? 0.85 : slower ? 0.75 : 0.4,
  };
}

export const remedies: readonly Remedy[] = [
  raiseConcurrency,
  accountConcurrency,
  raiseTimeout,
  raiseMemory,
  restoreEnvironment,
];
