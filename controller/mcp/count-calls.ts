import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/** A `tools/call` as it went over a transport. */
export interface ToolCallEvent {
  readonly server: string;
  readonly tool: string;
}

/** Tells of each `tools/call` message that is sent on a transport from now on. */
export function countCalls(transport: Transport, server: string, onCall: (event: ToolCallEvent) => void): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    if ('method' in message && message.method === 'tools/call') {
      onCall({ server, tool: String(message.params?.['name']) });
    }
    return send(message, options);
  };
}
