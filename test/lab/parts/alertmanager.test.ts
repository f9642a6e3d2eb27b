import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../cluster/authority.ts';
import { startAlertmanager } from './alertmanager.ts';
import { listenUntil } from './listen.ts';
import { until } from './process.ts';
import { startPrometheus } from './prometheus.ts';

/** What a rule's alert becomes at a webhook: the part's own settings, and what its receivers may rely on. */

const end = new AbortController();
const { signal } = end;
const dataDir = mkdtempSync(join(tmpdir(), 'threehops-alertmanager-'));
const part = (name: string) => ({ dataDir: join(dataDir, name), signal, progress: () => undefined });
const token = createHash('sha256').update(randomUUID()).digest('hex');
let failing = 1;

interface Told {
  readonly authorization: string | undefined;
  readonly body: {
    readonly version: string;
    readonly status: string;
    readonly groupKey: string;
    readonly alerts: readonly { readonly status: string; readonly startsAt: string; readonly endsAt: string }[];
  };
}
const told: Told[] = [];

/** A receiver over TLS; answers what its authority and its address are. */
async function startReceiver(): Promise<{ caFile: string; url: string }> {
  const folder = join(dataDir, 'receiver');
  const { certPem: cert, keyPem: key } = await (await createAuthority(folder)).issueServer(['127.0.0.1']);
  const server = createTls({ cert, key }, (request, response) => {
    void text(request).then((body) => {
      told.push({ authorization: request.headers.authorization, body: JSON.parse(body) as Told['body'] });
      response.end();
    });
  });
  return { caFile: join(folder, 'ca.crt'), url: `https://127.0.0.1:${await listenUntil(server, signal)}/alerts` };
}

beforeAll(async () => {
  const page = createPlain((_, response) => response.end(`checkouts_failing ${failing}\n`));
  const scrapes = [{ job: 'shop', url: `http://127.0.0.1:${await listenUntil(page, signal)}` }];
  const labels = { service: 'shop' };
  const annotations = { summary: '{{ $value }} checkouts fail' };
  const rules = [{ alert: 'CheckoutsFail', expr: 'checkouts_failing > 0', for: '1s', labels, annotations }];
  const alertmanager = await startAlertmanager({ ...part('alertmanager'), groupBy: ['service'] });
  await startPrometheus({ ...part('prometheus'), scrapes, rules, alertmanager: alertmanager.url });
  const tokenFile = join(dataDir, 'token');
  writeFileSync(tokenFile, token);
  await alertmanager.tell({ ...(await startReceiver()), tokenFile });
}, 300_000);
afterAll(() => {
  end.abort();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

const toldOf = (status: string): Promise<Told> =>
  until(`an alert that is ${status}`, async () => told.find(({ body }) => body.status === status), 30_000);

test('a rule that fires is told to the webhook over TLS with the token of the file, and so is its end', async () => {
  const firing = await toldOf('firing');
  expect(firing.authorization).toBe(`Bearer ${token}`);
  expect(firing.body).toMatchObject({
    version: '4',
    groupLabels: { service: 'shop' },
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'CheckoutsFail', service: 'shop' },
        annotations: { summary: '1 checkouts fail' },
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
    ],
  });
  failing = 0;
  const resolved = await toldOf('resolved');
  expect(resolved.body).toMatchObject({
    version: '4',
    groupKey: firing.body.groupKey,
    alerts: [{ status: 'resolved' }],
  });
  const [alert] = resolved.body.alerts;
  expect(alert?.startsAt).toBe(firing.body.alerts[0]?.startsAt);
  expect(Date.parse(alert?.endsAt ?? '')).toBeGreaterThan(Date.parse(alert?.startsAt ?? ''));
});
