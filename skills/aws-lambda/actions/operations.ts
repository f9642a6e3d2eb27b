import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf, objectOf, textOf } from '../../lib/reading.ts';
import type { ActionContext, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { type FunctionConfiguration, type LambdaFunction, readFunction } from '../function.ts';
import { identity } from '../parameters.ts';

const updateTool = 'threehops_update_lambda_function';
const concurrencyTool = 'threehops_put_lambda_concurrency';

/** Tools that the actions of this skill need for writing. */
export const writeTools = [updateTool, concurrencyTool] as const;

export type VariableChange = {
  readonly name: string;
  /** null unsets. */
  readonly value?: string | null;
  /** Published version whose value is restored, so that a secret is never part of a plan. */
  readonly fromVersion?: string;
};

export type ConfigurationChange = {
  readonly memory?: number;
  readonly timeoutSeconds?: number;
  readonly environment?: readonly VariableChange[];
};

/** A plan: all that acting needs. `revision` and `expected` are the fences. */
export type Frozen =
  | {
      readonly operation: 'Configuration';
      readonly functionName: string;
      readonly revision: string;
      readonly change: ConfigurationChange;
      /** What takes the change back. */
      readonly before: ConfigurationChange;
    }
  | {
      readonly operation: 'Concurrency';
      readonly functionName: string;
      readonly expected: number | null;
      readonly reserved: number | null;
    };

/** A plan goes out as JSON and comes back as it was: the digest over it has been checked. */
export function toJson(frozen: Frozen): JsonObject {
  return frozen as unknown as JsonObject;
}

function fromJson(frozen: JsonObject): Frozen {
  return frozen as unknown as Frozen;
}

/** The version of what a plan changes: reserved concurrency is no part of a function's revision. */
function versionOf({ live, reserved }: LambdaFunction, operation: Frozen['operation']): string {
  return operation === 'Configuration' ? live.revision : `reserved ${reserved ?? 'none'}`;
}

export function targetOf(
  context: ActionContext,
  fn: LambdaFunction,
  operation: Frozen['operation'],
): RenderedAction['target'] {
  return { identity: identity(context.node.with) ?? context.node.id, version: versionOf(fn, operation) };
}

export async function unchanged(context: ActionContext, rendered: RenderedAction): Promise<boolean> {
  const { operation, functionName } = fromJson(rendered.frozen);
  const fn = await readFunction(context.tools, functionName, context.signal);
  return versionOf(fn, operation) === rendered.target.version;
}

export async function execute(context: ActionContext, given: JsonObject): Promise<JsonObject> {
  const frozen = fromJson(given);
  const { functionName } = frozen;
  if (frozen.operation === 'Concurrency') {
    const { expected, reserved } = frozen;
    await context.tools.call(concurrencyTool, { functionName, expected, reserved }, context.signal);
    return { reserved };
  }
  const args = { functionName, expectedRevision: frozen.revision, ...(frozen.change as JsonObject) };
  const answer = objectOf(await context.tools.call(updateTool, args, context.signal));
  return { revision: textOf(answer['revisionId']) ?? '' };
}

/** Asked after a crash: what is live is what was planned, or still what the plan saw; anything else is somebody else's. */
export async function probeAct(context: ActionContext, given: JsonObject): Promise<Occurrence> {
  const frozen = fromJson(given);
  const fn = await readFunction(context.tools, frozen.functionName, context.signal);
  if (frozen.operation === 'Concurrency') {
    const reserved = fn.reserved ?? null;
    if (reserved === frozen.reserved) return { verdict: 'Happened', evidence: { reserved } };
    return { verdict: reserved === frozen.expected ? 'Absent' : 'Unknown', evidence: {} };
  }
  if (fn.live.revision === frozen.revision) return { verdict: 'Absent', evidence: {} };
  if (!holds(fn, frozen.change)) return { verdict: 'Unknown', evidence: {} };
  return { verdict: 'Happened', evidence: { revision: fn.live.revision } };
}

function holds(fn: LambdaFunction, { memory, timeoutSeconds, environment = [] }: ConfigurationChange): boolean {
  return (
    (memory === undefined || fn.live.memory === memory) &&
    (timeoutSeconds === undefined || fn.live.timeoutSeconds === timeoutSeconds) &&
    environment.every((one) => (fn.live.environment[one.name] ?? null) === wantedValue(fn, one))
  );
}

/** As it will be; null where it will not be set, or where the version it would come from is no longer seen. */
export function wantedValue({ versions }: LambdaFunction, { name, value, fromVersion }: VariableChange): string | null {
  if (fromVersion === undefined) return value ?? null;
  return versions.find(({ version }) => version === fromVersion)?.environment[name] ?? null;
}

/** An update is in force when Lambda says so; a reservation at once. */
export async function settled(context: ActionContext, given: JsonObject): Promise<Settlement> {
  const { operation, functionName } = fromJson(given);
  const { live, reserved } = await readFunction(context.tools, functionName, context.signal);
  if (operation === 'Concurrency') return { state: 'Settled', summary: `reserved concurrency ${reserved ?? 'none'}` };
  const { status, reason } = live.lastUpdate;
  if (status === 'Failed') return { state: 'Failed', summary: `the update failed: ${reason}` };
  if (status === 'InProgress') return { state: 'Progressing', summary: 'Lambda applies the update' };
  return { state: 'Settled', summary: describe(live) };
}

function describe({ memory, timeoutSeconds }: FunctionConfiguration): string {
  return `updated: ${memory} MiB, timeout ${timeoutSeconds} s`;
}

/** Back to what was; fenced by what the act made. */
export function rollback(given: JsonObject, evidence: JsonObject): JsonObject {
  const frozen = fromJson(given);
  if (frozen.operation === 'Concurrency') {
    return toJson({ ...frozen, expected: numberOf(evidence['reserved']) ?? null, reserved: frozen.expected });
  }
  const revision = textOf(evidence['revision']) ?? '';
  return toJson({ ...frozen, revision, change: frozen.before, before: frozen.change });
}
