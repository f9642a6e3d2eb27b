import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Clock } from '../kube/clock.ts';

/** Far above the progress and log messages of a server at work. */
const most = { messages: 500, perMs: 10_000 };

/**
 * Closes a transport on which the server says more unasked than anybody needs: requests and notifications, and answers to nothing.
 * Each costs a parse, and a `ping` an answer of ours as well.
 */
export function boundUnasked(transport: Transport, clock: Clock): void {
  const unasked = { count: 0, sinceMs: clock.monotonicMs() };
  let awaited = 0;
  let closed = false;

  const admits = (isAnswer: boolean): boolean => {
    if (isAnswer && awaited > 0) {
      awaited -= 1;
      return true;
    }
    const now = clock.monotonicMs();
    if (now - unasked.sinceMs > most.perMs) Object.assign(unasked, { count: 0, sinceMs: now });
    unasked.count += 1;
    return unasked.count <= most.messages;
  };

  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    if ('method' in message && 'id' in message) awaited += 1;
    return send(message, options);
  };
  const start = transport.start.bind(transport);
  transport.start = () => {
    const tell = transport.onmessage;
    transport.onmessage = (message, extra) => {
      if (closed) return;
      closed = !admits(!('method' in message));
      if (closed) void transport.close();
      else tell?.(message, extra);
    };
    return start();
  };
}
