import type { Clock } from '../kube/clock.ts';
import type { ToolClient } from './client.ts';
import type { ToolCredentials } from './credentials.ts';
import type { Dialer } from './dialer.ts';
import type { ToolCallEvent } from './count-calls.ts';
import { ToolUnavailable } from './errors.ts';
import { failureText } from './failure-text.ts';
import { connectRemote } from './remote-client.ts';
import type { ToolAccess } from './server.ts';
import { connectStream, type ServerProcess } from './stream-client.ts';
import type { ToolContract } from './tool-list.ts';

/** A server that is not ours, as a ToolServer resource describes it. */
export interface ForeignServer {
  /** `<namespace>/<name>`. */
  readonly id: string;
  /** Another one when anything of the description is: it gets a connection of its own then. */
  readonly version: string;
  readonly endpoint: { readonly url: string } | { readonly stdio: string };
  readonly tools: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** SHA-256 of reviewed tool definitions, by the tool's name. */
  readonly pins: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** The embedded server that it stands in for: where it has a tool of that name, the embedded one's contract holds. */
  readonly insteadOf?: string;
}

/** A server by stdio cannot be started as things are: there is no such entry, or no sandbox for it. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefused';
  }

  /** Also of one that is spared after it failed for this. */
  static isCauseOf(error: unknown): boolean {
    for (let one = error; one instanceof Error; one = one.cause) if (one instanceof StartRefused) return true;
    return false;
  }
}

/**
 * Starts the entry of that name of the operator's configuration, with what it takes of the credentials in its environment.
 * @throws StartRefused.
 */
export type StartProcess = (
  entry: string,
  credentials: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<ServerProcess>;

export interface ForeignOptions {
  readonly access: ToolAccess;
  readonly clock: Clock;
  readonly credentials: ToolCredentials;
  readonly dialer: Dialer;
  readonly startProcess: StartProcess;
  readonly contract: readonly ToolContract[];
  readonly onCall: (event: ToolCallEvent) => void;
}

/** An interpreter that loads its libraries, or a service that scales from zero, takes longer than any of its calls. */
const startMs = 60_000;

/** A process that answers nothing is not given up for one slow call, as all sessions of the namespace share it. */
const maxTimeouts = 3;

/** @throws ToolUnavailable, ToolTimeout; the signal's reason. */
export async function connectForeign(
  server: ForeignServer,
  options: ForeignOptions,
  signal: AbortSignal,
): Promise<ToolClient> {
  const { endpoint, tools, pins, timeoutMs, maxBytes, id } = server;
  const { access, clock, contract, credentials, dialer, onCall } = options;
  const common = {
    serverId: id,
    access,
    clock,
    contract,
    timeoutMs,
    startMs: Math.max(startMs, timeoutMs),
    maxBytes,
    ...(Object.keys(pins).length === 0 ? {} : { pins }),
    writes: tools.write,
    only: [...tools.read, ...tools.write],
    onCall,
  };
  if ('url' in endpoint) {
    return connectRemote({ ...common, url: endpoint.url, headers: headersOf(id, credentials.data), dialer }, signal);
  }
  const process = await started(id, options.startProcess(endpoint.stdio, credentials.data, signal));
  return connectStream(process, { ...common, maxTimeouts }, signal);
}

async function started(id: string, starting: Promise<ServerProcess>): Promise<ServerProcess> {
  try {
    return await starting;
  } catch (error) {
    const words = failureText(error instanceof Error ? error.message : String(error));
    throw new ToolUnavailable({ server: id, tool: 'connect' }, words, { cause: error });
  }
}

/** What says how a request is sent is ours to say. */
const ours = /^(host|connection|content-.*|transfer-encoding|accept|mcp-.*)$/i;

/** RFC 9110's token, and what may be a field's value. */
const fieldName = /^[!#$%&'*+.^`|~\w-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** `token` is a bearer token; every other key is a header of that name. */
function headersOf(id: string, data: Readonly<Record<string, string>>): Record<string, string> {
  const fields = Object.entries(data).map(([key, value]) => [key, value.trim()] as const);
  for (const [key, value] of fields) {
    if (fieldName.test(key) && fieldValue.test(value)) continue;
    // Said here and by its key alone: fetch would put the value into its own message.
    throw new ToolUnavailable({ server: id, tool: 'connect' }, `the Secret's ${key} cannot be sent as a header`);
  }
  const { token, ...others } = Object.fromEntries(fields);
  const headers = Object.entries(others).filter(([name]) => !ours.test(name));
  return Object.fromEntries([...headers, ...(token === undefined ? [] : [['authorization', `Bearer ${token}`]])]);
}
