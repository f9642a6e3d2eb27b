import { setTimeout as delay } from 'node:timers/promises';
import type { ProgressEvent } from '../../../controller/session/progress.ts';

export interface WatchedProgress {
  /** `host:port` of the operator's API. */
  readonly address: string;
  readonly token: string;
  readonly namespace: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Tells the operator's live progress until the signal fires; joins again when the operator was away. Each event is told once. */
export async function watchProgress(watched: WatchedProgress, tell: (event: ProgressEvent) => void): Promise<void> {
  const { signal } = watched;
  const told = new Set<string>();
  while (!signal.aborted) {
    // A failure says that the operator is away or has not seen the session yet: it is asked again.
    await tellNew(watched, told, tell).catch(() => undefined);
    await delay(300, undefined, { signal }).catch(() => undefined);
  }
}

async function tellNew(
  watched: WatchedProgress,
  told: Set<string>,
  tell: (event: ProgressEvent) => void,
): Promise<void> {
  for await (const line of lines(watched)) {
    if (line === '' || told.has(line)) continue;
    told.add(line);
    // The operator's own line.
    tell(JSON.parse(line) as ProgressEvent);
  }
}

async function* lines({ address, token, namespace, name, signal }: WatchedProgress): AsyncGenerator<string> {
  const url = `http://${address}/api/v1/namespaces/${namespace}/debugsessions/${name}/progress`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
  if (!response.ok || response.body === null) return void (await response.arrayBuffer());
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
