/** Which tool of which server a failure is about. */
export interface ToolAddress {
  readonly server: string;
  readonly tool: string;
}

/** `Unknown`: the call may have had its effect although no answer says so. Only ever the case for write tools. */
export type ToolOutcome = 'NotDone' | 'Unknown';

interface ToolErrorInit {
  readonly outcome?: ToolOutcome;
  readonly cause?: unknown;
}

/** What can go wrong with a tool call. Told apart by class; `name` is the class's name for logs and conditions. */
export abstract class ToolError extends Error {
  readonly server: string;
  readonly tool: string;
  readonly outcome: ToolOutcome;

  constructor(address: ToolAddress, message: string, init: ToolErrorInit = {}) {
    super(`${address.server}.${address.tool}: ${message}`, init.cause === undefined ? {} : { cause: init.cause });
    this.name = new.target.name;
    this.server = address.server;
    this.tool = address.tool;
    this.outcome = init.outcome ?? 'NotDone';
  }

  /** True when a write was sent and nothing tells whether it was carried out: probe the outside, never repeat blindly. */
  get outcomeUnknown(): boolean {
    return this.outcome === 'Unknown';
  }
}

/** The server cannot be started or reached, went away, or does not offer the tool. */
export class ToolUnavailable extends ToolError {}

/** No answer in time. */
export class ToolTimeout extends ToolError {}

/** The tool is not on the caller's allow-list, or is a write tool where only reads are granted. Nothing was sent. */
export class ToolRefused extends ToolError {}

/** The answer is no JSON-RPC, or does not fit the tool's output schema. */
export class ToolAnswerInvalid extends ToolError {}

/** The answer is larger than the call's limit. */
export class ToolAnswerTooLarge extends ToolError {}

/** The caller gave up on a write that was on its way. (A read that is given up throws the signal's own reason.) */
export class ToolAborted extends ToolError {}

/** The tool answered that it failed. */
export class ToolFailed extends ToolError {
  /** The system's own word where it has one: `ClusterNotFoundException`, `42P01`, `ECONNREFUSED`, `Http404`, `HostRefused`. */
  readonly code: string;
  /** The tool's words, redacted, at most 2,000 characters, without server and tool. */
  readonly reason: string;

  constructor(
    address: ToolAddress,
    failure: { readonly code: string; readonly reason: string },
    init: ToolErrorInit = {},
  ) {
    super(address, `${failure.code}: ${failure.reason}`, init);
    this.code = failure.code;
    this.reason = failure.reason;
  }
}
