import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Json, JsonObject } from '../api/json.ts';
import type { Clock } from '../kube/clock.ts';
import { readAnswer } from './answer.ts';
import { boundUnasked } from './bound-unasked.ts';
import { boundedCall, type CallBounds, type SdkBounds } from './bounded-call.ts';
import { countCalls, type ToolCallEvent } from './count-calls.ts';
import {
  type ToolAddress,
  ToolAnswerInvalid,
  ToolFailed,
  ToolRefused,
  ToolTimeout,
  ToolUnavailable,
} from './errors.ts';
import { checkOf, foreignCheckOf } from './schema.ts';
import { implementation, type ToolAccess } from './server.ts';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { type KnownTool, knownTools, listTools, toolDigest, type ToolContract } from './tool-list.ts';
import { serverCodes } from './wire.ts';

/** What calls tools: the whole of what skills are given. @throws ToolError; the signal's reason when a read is given up. */
export interface ToolCaller {
  call(tool: string, args: JsonObject, signal: AbortSignal): Promise<Json>;
}

export interface ToolClientOptions {
  readonly serverId: string;
  readonly access: ToolAccess;
  readonly clock: Clock;
  /** Tools not named here are checked by what the server itself declares. */
  readonly contract?: readonly ToolContract[];
  /** Of one call; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Of the handshake with the first listing of the tools, for which a server may still be starting; as of one call by default. */
  readonly startMs?: number;
  /** Of one answer; 4 MiB by default. */
  readonly maxBytes?: number;
  /** Tools that write, of a server whose tools are not in `contract`; without it the server's readOnlyHint decides. */
  readonly writes?: readonly string[];
  /** The tools that may be called; all that the server offers when absent. */
  readonly only?: readonly string[];
  /** A server of whom this many calls in a row had no answer in time is given up, so that it is started anew; never when absent. */
  readonly maxTimeouts?: number;
  /** SHA-256 of reviewed tool definitions: while one of them is another or gone, no write is sent. */
  readonly pins?: Readonly<Record<string, string>>;
  /** Called for each `tools/call` message that is sent. */
  readonly onCall?: (event: ToolCallEvent) => void;
}

export interface CallLimits {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

const defaults = { timeoutMs: 30_000, maxBytes: 4 * 1024 * 1024 };

/** A server is not asked for its tools more often than this because something does not fit them. */
const relistMs = 30_000;

/** One MCP connection to one server. Safe to share between sessions; calls may overlap. */
export class ToolClient implements ToolCaller {
  readonly serverId: string;
  readonly #client: Client;
  readonly #options: ToolClientOptions;
  #tools: ReadonlyMap<string, KnownTool>;
  #digests: ReadonlyMap<string, string>;
  #closed = false;
  #inFlight = 0;
  #timeouts = 0;
  #listedMs: number;

  private constructor(client: Client, options: ToolClientOptions, listed: readonly Tool[]) {
    this.serverId = options.serverId;
    this.#client = client;
    this.#options = options;
    this.#tools = knownTools(listed, options.contract ?? [], options.writes);
    this.#digests = digestsOf(listed);
    this.#listedMs = options.clock.monotonicMs();
    client.onclose = () => {
      this.#closed = true;
    };
  }

  /**
   * Shakes hands and lists the server's tools.
   * @throws ToolUnavailable, ToolTimeout, ToolAnswerTooLarge.
   */
  static async connect(transport: Transport, options: ToolClientOptions, signal: AbortSignal): Promise<ToolClient> {
    const client = new Client(implementation, { capabilities: {} });
    if (options.onCall !== undefined) countCalls(transport, options.serverId, options.onCall);
    boundUnasked(transport, options.clock);
    const address = { server: options.serverId, tool: 'initialize' };
    const timeoutMs = options.startMs ?? options.timeoutMs ?? defaults.timeoutMs;
    const limits = { timeoutMs, clock: options.clock, signal };
    try {
      const listed = await boundedCall({ address, write: false, ...limits }, async (bounds) => {
        await client.connect(transport, bounds);
        return listTools(client, address, bounds);
      });
      return new ToolClient(client, options, listed);
    } catch (error) {
      // Not the client, which knows of no transport when it was given up before it began.
      await transport.close();
      throw error;
    }
  }

  /** False once the connection is gone; the pool then starts another one. */
  get open(): boolean {
    return !this.#closed;
  }

  get idle(): boolean {
    return this.#inFlight === 0;
  }

  /** The tools that the server offers and this client may call. */
  get tools(): readonly KnownTool[] {
    return [...this.#tools.values()];
  }

  /** Digests of the tool definitions as they were last listed, by name. */
  get digests(): ReadonlyMap<string, string> {
    return this.#digests;
  }

  /** Pinned tools whose definition is another one, or that are gone. */
  get changed(): readonly string[] {
    const pins = Object.entries(this.#options.pins ?? {});
    return pins.filter(([name, pin]) => this.#digests.get(name) !== pin).map(([name]) => name);
  }

  /** Asks the server for its tools anew: it may have changed them since. @throws ToolError; the signal's reason. */
  async relist(signal: AbortSignal): Promise<void> {
    const { timeoutMs = defaults.timeoutMs, clock, contract = [], writes } = this.#options;
    const address = { server: this.serverId, tool: 'list' };
    const bounds = { address, write: false, clock, signal, timeoutMs };
    this.#listedMs = clock.monotonicMs();
    // To tell its tools a server does no work that may take long: once is enough.
    const listed = await this.#busy(() =>
      this.#exchange(bounds, 1, (options) => listTools(this.#client, address, options)),
    );
    this.#tools = knownTools(listed, contract, writes);
    this.#digests = digestsOf(listed);
  }

  async call(tool: string, args: JsonObject, signal: AbortSignal, limits: CallLimits = {}): Promise<Json> {
    return this.#busy(() => this.#call(tool, args, signal, limits));
  }

  async #call(tool: string, args: JsonObject, signal: AbortSignal, limits: CallLimits): Promise<Json> {
    const address = { server: this.serverId, tool };
    const known = await this.#asListed(address, signal, () => {
      const permitted = this.#permitted(address);
      checkArguments(address, permitted, args);
      return permitted;
    });
    if (known.access === 'Write' && this.#options.pins !== undefined) await this.#assertPinned(address, signal);
    const raw = await this.#send(address, known, args, { signal, ...limits });
    const maxBytes = limits.maxBytes ?? this.#options.maxBytes ?? defaults.maxBytes;
    return this.#asListed(address, signal, () => {
      // What was sent as a write is one, whatever the server calls the tool meanwhile.
      const listed = { ...(this.#tools.get(tool) ?? known), access: known.access };
      return readAnswer(address, listed, raw, maxBytes);
    });
  }

  /** Ends the connection; calls in flight end as ToolUnavailable. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.close();
  }

  async #send(
    address: ToolAddress,
    known: KnownTool,
    args: JsonObject,
    limits: CallLimits & { readonly signal: AbortSignal },
  ): Promise<unknown> {
    const bounds = {
      address,
      write: known.access === 'Write',
      clock: this.#options.clock,
      signal: limits.signal,
      timeoutMs: limits.timeoutMs ?? this.#options.timeoutMs ?? defaults.timeoutMs,
    };
    // Not Client.callTool: it insists on structured content, and its validator knows nothing of the contract.
    return this.#exchange(bounds, this.#options.maxTimeouts, (options) =>
      this.#client.request(
        { method: 'tools/call', params: { name: address.tool, arguments: { ...args } } },
        ResultSchema,
        options,
      ),
    );
  }

  async #exchange<T>(
    bounds: CallBounds,
    maxTimeouts: number | undefined,
    exchange: (options: SdkBounds) => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await boundedCall(bounds, exchange);
      this.#timeouts = 0;
      return answer;
    } catch (error) {
      if (error instanceof ToolTimeout) this.#timeouts += 1;
      // A call that was given up tells nothing of the server.
      else if (error instanceof ToolFailed) this.#timeouts = 0;
      // A server that was restarted has forgotten us, and one that hangs does so for ever: the connection is of no use any more.
      const hangs = maxTimeouts !== undefined && this.#timeouts >= maxTimeouts;
      if (hangs || error instanceof ToolUnavailable) this.#closed = true;
      throw error;
    }
  }

  /** From its first moment on: what is idle may be closed. */
  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Judges by the tools as they were listed; where that fails, once more by what the server tells of them now, if it may tell. */
  async #asListed<T>({ tool }: ToolAddress, signal: AbortSignal, judge: () => T): Promise<T> {
    try {
      return judge();
    } catch (error) {
      const known = this.#tools.get(tool);
      const mayHaveChanged = isMisfit(error) && (known === undefined || known.foreign === true);
      const isDue = this.#options.clock.monotonicMs() - this.#listedMs >= relistMs;
      if (this.#closed || !mayHaveChanged || !isDue) throw error;
      // When it cannot tell, the failure is what it was.
      await this.relist(signal).catch(() => undefined);
      return judge();
    }
  }

  /** Listed just before the write, as a server may change its tools at any time. */
  async #assertPinned(address: ToolAddress, signal: AbortSignal): Promise<void> {
    await this.relist(signal);
    const [changed] = this.changed;
    if (changed === undefined) return;
    throw new ToolRefused(address, `the definition of ${changed} is not the pinned one, so nothing is written`);
  }

  #permitted(address: ToolAddress): KnownTool {
    if (this.#closed) throw new ToolUnavailable(address, 'the connection is closed');
    if (this.#options.only?.includes(address.tool) === false) {
      throw new ToolRefused(address, 'the ToolServer does not list this tool');
    }
    const contract = this.#options.contract?.find((one) => one.name === address.tool);
    if (contract?.access === 'Write' && this.#options.access === 'Read') {
      throw new ToolRefused(address, 'it writes, and only reading is granted here');
    }
    const known = this.#tools.get(address.tool);
    if (known === undefined) throw new ToolUnavailable(address, 'the server does not offer this tool');
    if (known.access === 'Write' && this.#options.access === 'Read') {
      throw new ToolRefused(address, 'it writes, and only reading is granted here');
    }
    return known;
  }
}

/** The tool is not there, or its arguments or its answer are not as they were told. */
function isMisfit(error: unknown): boolean {
  if (error instanceof ToolFailed) return error.code === serverCodes.invalidArguments;
  return error instanceof ToolUnavailable || error instanceof ToolAnswerInvalid;
}

function checkArguments(address: ToolAddress, known: KnownTool, args: JsonObject): void {
  const check = known.foreign ? foreignCheckOf : checkOf;
  const wrong = known.input === undefined ? undefined : check(known.input)(args);
  if (wrong !== undefined) {
    throw new ToolFailed(address, { code: serverCodes.invalidArguments, reason: `arguments: ${wrong}` });
  }
}

function digestsOf(tools: readonly Tool[]): ReadonlyMap<string, string> {
  return new Map(tools.map((tool) => [tool.name, toolDigest(tool)]));
}
