import type { KubeClient } from '../../../controller/kube/client.ts';

/** Requests for sessions that the API server has answered, by verb and code: `PUT/status 200`, `GET 200`, ... */
export type Requests = ReadonlyMap<string, number>;

/** Read from the API server's own metrics, so that no contestant counts for itself. Watches count when they end. */
export async function requestsServed(client: KubeClient, signal: AbortSignal): Promise<Requests> {
  return readRequests(await client.raw({ method: 'GET', path: '/metrics', accept: 'text/plain', signal }));
}

export function readRequests(metrics: string): Requests {
  const requests = new Map<string, number>();
  for (const line of metrics.split('\n')) {
    const sample = /^apiserver_request_total\{(.*)\} (\S+)$/.exec(line);
    if (sample === null) continue;
    const labels = new Map([...(sample[1] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    if (labels.get('resource') !== 'debugsessions') continue;
    const subresource = labels.get('subresource');
    const key = `${labels.get('verb')}${subresource ? `/${subresource}` : ''} ${labels.get('code')}`;
    requests.set(key, (requests.get(key) ?? 0) + Number(sample[2]));
  }
  return requests;
}

/** What came in between; nothing where nothing did. */
export function since(before: Requests, after: Requests): Record<string, number> {
  const grown = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
