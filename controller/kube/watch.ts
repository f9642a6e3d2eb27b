import { withoutManagedFields } from './decode.ts';
import { errorForWatchEvent, type Status } from './error-response.ts';
import { LineSplitter } from './lines.ts';
import type { KubeObject } from './object.ts';
import type { Transport } from './transport.ts';

/** What a watch tells. A BOOKMARK carries a resourceVersion and no object. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

interface RawEvent<T> {
  readonly type: string;
  readonly object: T;
}

/** Reads one watch to its end. Throws the ApiError of an ERROR event, a SyntaxError for a line that is not JSON. */
export async function watchEvents<T extends KubeObject>(
  transport: Transport,
  path: string,
  onEvent: (event: WatchEvent<T>) => void,
  signal: AbortSignal,
): Promise<void> {
  const lines = new LineSplitter((line) => onEvent(readEvent<T>(path, line)));
  // No timeout here: the server ends the watch, and the reflector looks after a silent one.
  await transport.send({ method: 'GET', path, signal, timeoutMs: 0, onData: (chunk) => lines.push(chunk) });
}

function readEvent<T extends KubeObject>(path: string, line: string): WatchEvent<T> {
  const event = JSON.parse(line) as RawEvent<T>;
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: withoutManagedFields(event.object) };
    case 'BOOKMARK':
      return { type: 'BOOKMARK', resourceVersion: event.object.metadata?.resourceVersion ?? '' };
    case 'ERROR':
      throw errorForWatchEvent(path, event.object as Status);
    default:
      throw new SyntaxError(`an unknown kind of watch event: ${event.type}`);
  }
}
