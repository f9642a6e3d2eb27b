import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import { expect, test } from 'vitest';
import { debianProgram } from '../parts/debian.ts';
import { run } from '../parts/run.ts';
import { alertRules } from './alert-rules.ts';
import { plainNames, rolesOf } from './names.ts';

/** The rules on made-up series, by Prometheus' own `promtool test rules`: who is called for what, and when nobody is. */

const { signal } = new AbortController();
const { gateway, payments, settlement, notification } = plainNames;
const rules = alertRules(plainNames, rolesOf(new Set()));

/** A sample a second for 40 seconds, in promtool's words: a counter that grows by so much each time. */
const by = (step: number): string => `0+${step}x40`;
const steady = (value: number): string => `${value}x40`;

interface Lives {
  readonly ok?: number;
  readonly failed?: number;
  readonly inTime?: number;
  readonly up?: number;
}

function answering(service: string, path: string, { ok = 4, failed = 0, inTime = ok, up = 1 }: Lives = {}) {
  return {
    [`http_requests_total{job="${service}",path="${path}",status="201"}`]: by(ok),
    [`http_requests_total{job="${service}",path="${path}",status="502"}`]: by(failed),
    [`http_request_duration_seconds_bucket{job="${service}",path="${path}",le="1"}`]: by(inTime),
    [`http_request_duration_seconds_count{job="${service}",path="${path}"}`]: by(ok + failed),
    [`up{job="${service}"}`]: steady(up),
  };
}

const healthy = {
  ...answering(gateway, '/checkout'),
  ...answering(payments, '/payments'),
  ...answering(notification, '/notify'),
  [`payments_settled_total{job="${settlement}"}`]: by(4),
  [`notifications_sent_total{job="${notification}"}`]: by(4),
  [`up{job="${settlement}"}`]: steady(1),
};

interface Called {
  readonly alertname: string;
  readonly service: string;
}

const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly Called[]])[] = [
  ['all is well', {}, []],
  [
    'one request in ten fails',
    answering(gateway, '/checkout', { ok: 9, failed: 1 }),
    [{ alertname: 'RequestsFail', service: gateway }],
  ],
  ['one request in fifty fails', answering(gateway, '/checkout', { ok: 49, failed: 1 }), []],
  [
    'half of them are late',
    answering(payments, '/payments', { inTime: 2 }),
    [{ alertname: 'RequestsAreSlow', service: payments }],
  ],
  [
    'a service is away',
    { [`up{job="${notification}"}`]: steady(0) },
    [{ alertname: 'DoesNotAnswer', service: notification }],
  ],
  ['a service is away for four seconds', { [`up{job="${notification}"}`]: '1x22 0x3 1x20' }, []],
  [
    'payments are taken and not settled',
    { [`payments_settled_total{job="${settlement}"}`]: by(0) },
    [{ alertname: 'PaymentsAreNotSettled', service: settlement }],
  ],
  [
    'notifications are taken and not sent',
    { [`notifications_sent_total{job="${notification}"}`]: by(0) },
    [{ alertname: 'NotificationsAreNotSent', service: notification }],
  ],
  [
    'nobody asks for anything',
    {
      ...answering(gateway, '/checkout', { ok: 0 }),
      ...answering(payments, '/payments', { ok: 0 }),
      ...answering(notification, '/notify', { ok: 0 }),
      [`payments_settled_total{job="${settlement}"}`]: by(0),
      [`notifications_sent_total{job="${notification}"}`]: by(0),
    },
    [],
  ],
];

test.each(cases)(
  '%s',
  async (_, given, called) => {
    expect(await judged({ ...healthy, ...given }, called)).toContain('SUCCESS');
  },
  300_000,
);

/** What promtool says where exactly these alerts fire after 30 seconds. @throws RunFailed with what fires, where it is something else */
async function judged(series: Readonly<Record<string, string>>, called: readonly Called[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'threehops-rules-'));
  try {
    const samples = called.map(({ alertname, service }) => ({
      labels: `{alertname="${alertname}", service="${service}"}`,
      value: 1,
    }));
    const expr = 'count by (alertname, service) (ALERTS{alertstate="firing"})';
    const check = { expr, eval_time: '30s', exp_samples: samples };
    const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
    const tests = [{ interval: '1s', input_series: input, promql_expr_test: [check] }];
    writeFileSync(join(folder, 'rules.yaml'), dump({ groups: [{ name: 'rules', interval: '1s', rules }] }));
    writeFileSync(join(folder, 'tests.yaml'), dump({ rule_files: ['rules.yaml'], evaluation_interval: '1s', tests }));
    const { path, env } = await debianProgram('prometheus', { signal, progress: () => undefined });
    const args = ['test', 'rules', join(folder, 'tests.yaml')];
    return await run(join(dirname(path), 'promtool'), args, { signal, env: { ...process.env, ...env } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
