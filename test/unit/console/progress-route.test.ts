import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startApiServer, type ApiServer } from '../../../controller/console/api-server.ts';
import { serveProgress, type ProgressRouteOptions } from '../../../controller/console/progress-route.ts';
import type { KubeClient } from '../../../controller/kube/client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { ProgressHub } from '../../../controller/session/progress.ts';
import { until } from '../../lab/parts/process.ts';

let server: ApiServer;
afterEach(() => server.stop());

/** Counts who watches. */
class CountingHub extends ProgressHub {
  watched = 0;
  watching = 0;

  override watch(...asked: Parameters<ProgressHub['watch']>): () => void {
    this.watched += 1;
    this.watching += 1;
    const leave = super.watch(...asked);
    return () => {
      this.watching -= 1;
      leave();
    };
  }
}

test.each(['while he watches', 'before the cluster has said who he is'])(
  'who goes %s is watching no more',
  async (when) => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const status = { authenticated: true, user: { username: 'ann' }, allowed: true };
    const create = async (): Promise<object> => {
      asked.resolve();
      await go.promise;
      return { status };
    };
    const client = { resource: () => ({ create }) } as unknown as KubeClient;
    const session = { metadata: { uid: 'one' } };
    const sessions = { store: { get: () => session } } as unknown as ProgressRouteOptions['sessions'];
    const hub = new CountingHub(systemClock);
    const served: Promise<void>[] = [];
    const gone: Promise<void>[] = [];
    server = await startApiServer(
      {
        host: '127.0.0.1',
        port: 0,
        routes: {},
        rest: (request, response) => {
          gone.push(new Promise((closed) => response.once('close', closed)));
          const serving = serveProgress({ client, sessions, hub, leading: () => true }, request, response);
          served.push(serving);
          return serving;
        },
        clock: systemClock,
        log: noLog,
      },
      AbortSignal.timeout(60_000),
    );
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
    const path = '/api/v1/namespaces/default/debugsessions/broken/progress';
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer any\r\n\r\n`);
    await asked.promise;
    if (when === 'while he watches') {
      go.resolve();
      await until('him to watch', async () => (hub.watching === 1 ? true : undefined), 5_000);
    }
    socket.destroy();
    await Promise.all(gone);
    go.resolve();
    await Promise.all(served);
    expect([hub.watched, hub.watching]).toEqual([when === 'while he watches' ? 1 : 0, 0]);
  },
);
