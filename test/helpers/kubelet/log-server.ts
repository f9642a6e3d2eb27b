import { createServer, type Server } from 'node:https';
import type { CertificateAndKey } from '../../lab/cluster/authority.ts';
import { listen } from '../../lab/parts/listen.ts';

/** Serves `/containerLogs/NAMESPACE/POD/CONTAINER` as a kubelet does, `tailLines` and `limitBytes` in this order. */
export async function startLogServer(
  { certPem, keyPem }: CertificateAndKey,
  logOf: (pod: string, container: string) => string | undefined,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://kubelet');
    const [, kind, , pod = '', container = ''] = url.pathname.split('/');
    const log = kind === 'containerLogs' ? logOf(pod, container) : undefined;
    if (log === undefined) response.writeHead(404).end();
    else response.end(cut(log, url.searchParams));
  });
  return { server, port: await listen(server) };
}

function cut(log: string, asked: URLSearchParams): Buffer {
  const lines = log.split(/(?<=\n)/);
  const tail = asked.get('tailLines');
  const kept = Buffer.from((tail === null ? lines : lines.slice(-Number(tail))).join(''));
  const limit = asked.get('limitBytes');
  return limit === null ? kept : kept.subarray(0, Number(limit));
}
