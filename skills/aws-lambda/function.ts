import type { Json, JsonObject } from '../../controller/api/json.ts';
import { listOf, numberOf, objectOf, textOf, timeOf } from '../lib/reading.ts';
import type { Tools } from '../skill.ts';

export const functionTool = 'threehops_get_lambda_function';

/** The tag that our own update leaves: the revision that it made. */
const revisionTag = 'threehops.dev/revision';

export interface FunctionConfiguration {
  readonly version: string;
  /** MiB. */
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly code: string;
  readonly deadLetterTarget?: string;
  readonly lastModified?: Date;
  readonly revision: string;
  readonly state: string;
  readonly lastUpdate: { readonly status: string; readonly reason: string };
}

export interface EventSource {
  readonly source: string;
  readonly state: string;
}

export interface LambdaFunction {
  readonly name: string;
  readonly live: FunctionConfiguration;
  /** Undefined: it takes its share of what the account has. */
  readonly reserved?: number;
  readonly eventSources: readonly EventSource[];
  /** Published ones, newest first. */
  readonly versions: readonly FunctionConfiguration[];
  /** The live configuration is what an act of ours made. */
  readonly byThreehops: boolean;
}

/** @throws ToolError */
export async function readFunction(tools: Tools, name: string, signal: AbortSignal): Promise<LambdaFunction> {
  const answer = objectOf(await tools.call(functionTool, { functionName: name }, signal));
  const live = configurationOf(answer['configuration']);
  const reserved = numberOf(answer['reservedConcurrency']);
  return {
    name,
    live,
    ...(reserved === undefined ? {} : { reserved }),
    eventSources: listOf(answer['eventSources']).map((item) => {
      const { source, state } = objectOf(item);
      return { source: textOf(source) ?? '', state: textOf(state) ?? '' };
    }),
    versions: listOf(answer['versions']).map(configurationOf),
    byThreehops: live.revision !== '' && objectOf(answer['tags'])[revisionTag] === live.revision,
  };
}

function configurationOf(given: Json | undefined): FunctionConfiguration {
  const from = objectOf(given);
  const lastModified = timeOf(from['lastModified']);
  const deadLetterTarget = textOf(from['deadLetterTarget']);
  return {
    version: textOf(from['version']) ?? '',
    memory: numberOf(from['memory']) ?? 128,
    timeoutSeconds: numberOf(from['timeoutSeconds']) ?? 3,
    environment: variablesOf(objectOf(from['environment'])),
    code: textOf(from['codeSha256']) ?? '',
    ...(deadLetterTarget === undefined ? {} : { deadLetterTarget }),
    ...(lastModified === undefined ? {} : { lastModified }),
    revision: textOf(from['revisionId']) ?? '',
    state: textOf(from['state']) ?? '',
    lastUpdate: { status: textOf(from['lastUpdateStatus']) ?? '', reason: textOf(from['lastUpdateReason']) ?? '' },
  };
}

function variablesOf(given: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, textOf(value) ?? '']));
}
