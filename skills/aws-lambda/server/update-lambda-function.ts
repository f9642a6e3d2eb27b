import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  TagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { assertWritable, type LambdaBackend } from './backend.ts';

/** On a function: the revision that an act of ours made, by which its change is told from a person's. */
const revisionTag = 'threehops.dev/revision';

/** An update takes a few seconds, in a VPC more; a call of a tool may not take much longer than this. */
const mostUpdateMs = 15_000;
const pollMs = 500;

interface Variable {
  readonly name: string;
  readonly value?: string | null;
  /** Published version whose value is restored. */
  readonly fromVersion?: string;
}

interface UpdateArgs {
  readonly functionName: string;
  readonly expectedRevision: string;
  readonly memory?: number;
  readonly timeoutSeconds?: number;
  readonly environment?: readonly Variable[];
}

/**
 * Changes a function's configuration, provided that its revision is still the one that the plan was made on: Lambda itself
 * refuses the change otherwise (`PreconditionFailedException`).
 */
export const updateLambdaFunction: ToolDefinition<LambdaBackend> = {
  name: 'threehops_update_lambda_function',
  description: 'Sets memory, timeout or variables of a Lambda function, fenced by its revision.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['functionName', 'expectedRevision'],
    anyOf: [{ required: ['memory'] }, { required: ['timeoutSeconds'] }, { required: ['environment'] }],
    properties: {
      functionName: { type: 'string', minLength: 1, maxLength: 170 },
      expectedRevision: { type: 'string', minLength: 1, maxLength: 100 },
      memory: { type: 'integer', minimum: 128, maximum: 10240 },
      timeoutSeconds: { type: 'integer', minimum: 1, maximum: 900 },
      environment: {
        type: 'array',
        maxItems: 100,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name'],
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 255 },
            value: { type: ['string', 'null'], maxLength: 4096 },
            fromVersion: { type: 'string', pattern: '^[0-9]+$' },
          },
        },
      },
    },
  },
  output: { type: 'object', required: ['revisionId'], properties: { revisionId: { type: 'string' } } },
  async handle(given, { backend, signal }) {
    const args = given as unknown as UpdateArgs;
    await assertWritable(backend, signal);
    const variables = args.environment === undefined ? undefined : await environmentOf(backend, args, signal);
    signal.throwIfAborted();
    const command = new UpdateFunctionConfigurationCommand({
      FunctionName: args.functionName,
      RevisionId: args.expectedRevision,
      ...(args.memory === undefined ? {} : { MemorySize: args.memory }),
      ...(args.timeoutSeconds === undefined ? {} : { Timeout: args.timeoutSeconds }),
      ...(variables === undefined ? {} : { Environment: { Variables: variables } }),
    });
    const made = await backend.writes.send(command, { abortSignal: signal });
    const revisionId = (await restingRevision(backend, made, signal)) ?? '';
    await mark(backend, made.FunctionArn ?? '', revisionId, signal);
    return { revisionId };
  },
};

/**
 * Lambda gives the function another revision once the update is through, and would refuse an act that is fenced by the first one.
 * The change has been made by now: what cannot be read leaves the revision that is known.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
async function restingRevision(
  { reads, clock }: LambdaBackend,
  made: FunctionConfiguration,
  signal: AbortSignal,
): Promise<string | undefined> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: made.FunctionArn });
  const deadline = clock.now().getTime() + mostUpdateMs;
  let last = made;
  try {
    do {
      last = await reads.send(command, { abortSignal: signal });
      if (last.LastUpdateStatus !== 'InProgress') break;
      await clock.sleep(pollMs, signal);
    } while (clock.now().getTime() < deadline);
  } catch {
    return last.RevisionId;
  }
  return last.RevisionId;
}

/** Lambda takes an environment as a whole, so the live one is changed; the revision fences this read too. */
async function environmentOf(
  backend: LambdaBackend,
  { functionName, expectedRevision, environment = [] }: UpdateArgs,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const read = async (Qualifier?: string): Promise<{ variables: Record<string, string>; revision: string }> => {
    const command = new GetFunctionConfigurationCommand({
      FunctionName: functionName,
      ...(Qualifier === undefined ? {} : { Qualifier }),
    });
    const { Environment, RevisionId = '' } = await backend.reads.send(command, { abortSignal: signal });
    return { variables: { ...Environment?.Variables }, revision: RevisionId };
  };
  const live = await read();
  if (live.revision !== expectedRevision) {
    throw new ToolFault('RevisionChanged', `${functionName} has been changed since the plan was made`);
  }
  const variables = new Map(Object.entries(live.variables));
  for (const { name, value, fromVersion } of environment) {
    const wanted = fromVersion === undefined ? (value ?? undefined) : (await read(fromVersion)).variables[name];
    if (wanted === undefined) variables.delete(name);
    else variables.set(name, wanted);
  }
  return Object.fromEntries(variables);
}

/** The change has been made by now: without the mark it only looks like somebody's, so a failure here is none of the act. */
async function mark(backend: LambdaBackend, arn: string, revision: string, signal: AbortSignal): Promise<void> {
  const command = new TagResourceCommand({ Resource: arn, Tags: { [revisionTag]: revision } });
  await backend.writes.send(command, { abortSignal: signal }).catch(() => undefined);
}
