import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request, type Dispatcher } from 'undici';
import type { ProgressEvent } from '../../../controller/session/progress.ts';
import type { OperatorApi } from './operator-api.ts';

export interface WatchedProgress {
  readonly api: OperatorApi;
  readonly token: string;
  readonly namespace: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Tells the operator's live progress until the signal fires; joins again when the operator was away. Each event is told once. */
export async function watchProgress(watched: WatchedProgress, tell: (event: ProgressEvent) => void): Promise<void> {
  const { signal, api } = watched;
  const told = new Set<string>();
  const ca = api.caFile === undefined ? {} : { ca: await readFile(api.caFile) };
  const dispatcher = new Agent({ connect: ca, bodyTimeout: 0 });
  while (!signal.aborted) {
    // A failure says that the operator is away or has not seen the session yet: it is asked again.
    await tellNew({ ...watched, dispatcher }, told, tell).catch(() => undefined);
    await delay(300, undefined, { signal }).catch(() => undefined);
  }
  await dispatcher.destroy();
}

async function tellNew(watched: Connected, told: Set<string>, tell: (event: ProgressEvent) => void): Promise<void> {
  for await (const line of lines(watched)) {
    if (line === '' || told.has(line)) continue;
    told.add(line);
    // The operator's own line.
    tell(JSON.parse(line) as ProgressEvent);
  }
}

type Connected = WatchedProgress & { readonly dispatcher: Dispatcher };

async function* lines({ api, token, namespace, name, signal, dispatcher }: Connected): AsyncGenerator<string> {
  const url = `${api.url}/api/v1/namespaces/${namespace}/debugsessions/${name}/progress`;
  const headers = { authorization: `Bearer ${token}` };
  const { statusCode, body } = await request(url, { headers, signal, dispatcher });
  if (statusCode === 200) yield* createInterface({ input: body });
  else await body.dump();
}
