import type { Json, JsonObject, JsonSchema } from '../api/json.ts';
import type { Dialer } from './dialer.ts';

/** What a tool of an embedded server gets besides its arguments. */
export interface ToolContext<Backend> {
  readonly backend: Backend;
  readonly signal: AbortSignal;
}

/** One tool of an embedded MCP server. Input and output are checked by ajv on both sides. */
export interface ToolDefinition<Backend> {
  readonly name: string;
  readonly description: string;
  readonly access: 'Read' | 'Write';
  readonly input: JsonSchema;
  /** Schema of the answer; the answer is sent as JSON text and, when it is an object, as structuredContent. */
  readonly output: JsonSchema;
  handle(args: JsonObject, context: ToolContext<Backend>): Promise<Json>;
}

/** How an embedded server reaches its system: from the operator's configuration and the namespace's Secret, never from a resource. */
export interface ServerConnection {
  /** The block of this server in the operator's configuration (endpoint, region, base URL, ...). */
  readonly settings: JsonObject;
  /** The data of the referenced Secret; empty where none is given. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly dialer: Dialer;
}

/** An MCP server that comes with a skill. It runs in process or alone; both ways it is spoken to by MCP. */
export interface EmbeddedServer<Backend = unknown> {
  readonly id: string;
  readonly tools: readonly ToolDefinition<Backend>[];
  /** Makes clients (cheap, no call yet); one backend is kept for each (settings, credentials). */
  connect(connection: ServerConnection): Backend;
  close?(backend: Backend): Promise<void>;
}
