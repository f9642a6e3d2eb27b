import {
  type FunctionConfiguration,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import type { JsonObject } from '../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { textOf } from '../../lib/reading.ts';
import type { LambdaBackend } from './backend.ts';

/** Versions come oldest first, fifty a page: of a function with more than these pages the newest are not seen, and none is answered. */
const mostPages = 10;
const versionsKept = 5;

/**
 * A function as it is: its configuration (values of variables too: whoever keeps an answer redacts it), reserved concurrency,
 * event sources, tags, and its newest published versions, newest first.
 */
export const getLambdaFunction: ToolDefinition<LambdaBackend> = {
  name: 'threehops_get_lambda_function',
  description:
    'Reads a Lambda function: configuration, reserved concurrency, event sources, newest published versions.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['functionName'],
    properties: { functionName: { type: 'string', minLength: 1, maxLength: 170 } },
  },
  output: {
    type: 'object',
    required: ['configuration', 'reservedConcurrency', 'eventSources', 'versions', 'tags'],
    properties: {
      configuration: { type: 'object', required: ['memory', 'timeoutSeconds', 'environment', 'revisionId'] },
      reservedConcurrency: { type: ['integer', 'null'] },
      eventSources: { type: 'array', items: { type: 'object' } },
      versions: { type: 'array', items: { type: 'object' } },
      tags: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
  async handle(args, { backend, signal }) {
    const name = textOf(args['functionName']) ?? '';
    await backend.checkEndpoint('lambda', signal);
    const [found, versions, eventSources] = await Promise.all([
      backend.reads.send(new GetFunctionCommand({ FunctionName: name }), { abortSignal: signal }),
      publishedVersions(backend, name, signal),
      eventSourcesOf(backend, name, signal),
    ]);
    return {
      configuration: encode(found.Configuration ?? {}),
      reservedConcurrency: found.Concurrency?.ReservedConcurrentExecutions ?? null,
      eventSources,
      versions: versions.map(encode),
      tags: { ...found.Tags },
    };
  },
};

async function publishedVersions(
  { reads }: LambdaBackend,
  name: string,
  signal: AbortSignal,
): Promise<readonly FunctionConfiguration[]> {
  const versions: FunctionConfiguration[] = [];
  let marker: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const command = new ListVersionsByFunctionCommand({
      FunctionName: name,
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    const answer = await reads.send(command, { abortSignal: signal });
    versions.push(...(answer.Versions ?? []).filter(({ Version }) => Version !== '$LATEST'));
    marker = answer.NextMarker;
    if (marker === undefined) break;
  }
  // Old versions would pass for the newest: the live configuration would seem to have changed in all that they differ in.
  if (marker !== undefined) return [];
  return versions.toSorted((a, b) => Number(b.Version) - Number(a.Version)).slice(0, versionsKept);
}

async function eventSourcesOf(
  { reads }: LambdaBackend,
  name: string,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const command = new ListEventSourceMappingsCommand({ FunctionName: name });
  const { EventSourceMappings = [] } = await reads.send(command, { abortSignal: signal });
  return EventSourceMappings.map(({ UUID, EventSourceArn, State, BatchSize, LastProcessingResult }) => ({
    id: UUID ?? '',
    source: EventSourceArn ?? '',
    state: State ?? '',
    batchSize: BatchSize ?? null,
    lastResult: LastProcessingResult ?? '',
  }));
}

function encode(one: FunctionConfiguration): JsonObject {
  return {
    functionArn: one.FunctionArn ?? '',
    version: one.Version ?? '',
    memory: one.MemorySize ?? 128,
    timeoutSeconds: one.Timeout ?? 3,
    environment: { ...one.Environment?.Variables },
    deadLetterTarget: one.DeadLetterConfig?.TargetArn ?? null,
    codeSha256: one.CodeSha256 ?? '',
    lastModified: one.LastModified ?? '',
    revisionId: one.RevisionId ?? '',
    ...states(one),
  };
}

function states({ State, LastUpdateStatus, LastUpdateStatusReason }: FunctionConfiguration): JsonObject {
  return {
    state: State ?? '',
    lastUpdateStatus: LastUpdateStatus ?? '',
    lastUpdateReason: LastUpdateStatusReason ?? '',
  };
}
