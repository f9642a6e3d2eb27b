import type { AlertRule } from '../parts/prometheus.ts';
import type { ServiceRole, WorldNames } from './names.ts';

type Watched = Pick<AlertRule, 'alert' | 'expr' | 'for'> & { readonly summary: string };

/** What the teams are called for: what the users of their service feel, whatever it comes from. */
export function alertRules(names: WorldNames, roles: readonly ServiceRole[]): readonly AlertRule[] {
  return roles.flatMap((role) =>
    [...answersOf(names[role]), ...worksOf(names, role)].map(({ summary, ...rule }) => ({
      ...rule,
      labels: { service: names[role], severity: 'critical' },
      annotations: { summary },
    })),
  );
}

/** As long as users take to notice, and long enough that neither a restart now and then nor a busy machine calls anybody. */
const window = '10s';

/** Whether requests are answered, well and in time. */
function answersOf(service: string): readonly Watched[] {
  const rate = (series: string, labels = ''): string => `sum(rate(${series}{job="${service}"${labels}}[${window}]))`;
  const inTime = rate('http_request_duration_seconds_bucket', ',le="1"');
  return [
    {
      alert: 'RequestsFail',
      expr: `${rate('http_requests_total', ',status=~"5.."')} / ${rate('http_requests_total')} > 0.05`,
      for: '3s',
      summary: `{{ $value | humanizePercentage }} of the requests to ${service} fail`,
    },
    {
      alert: 'RequestsAreSlow',
      expr: `1 - ${inTime} / ${rate('http_request_duration_seconds_count')} > 0.2`,
      for: '5s',
      summary: `{{ $value | humanizePercentage }} of the requests to ${service} take more than a second`,
    },
    {
      alert: 'DoesNotAnswer',
      expr: `avg_over_time(up{job="${service}"}[${window}]) < 0.5`,
      for: '3s',
      summary: `${service} does not answer`,
    },
  ];
}

/** Whether what was accepted is done, which no answer tells. */
function worksOf({ payments, settlement, notification }: WorldNames, role: ServiceRole): readonly Watched[] {
  if (role === 'settlement') {
    const expr = undone(accepted(payments, '/payments'), `payments_settled_total{job="${settlement}"}`);
    return [{ alert: 'PaymentsAreNotSettled', expr, for: '5s', summary: 'payments are taken and none is settled' }];
  }
  if (role === 'notification') {
    const expr = undone(accepted(notification, '/notify'), `notifications_sent_total{job="${notification}"}`);
    return [{ alert: 'NotificationsAreNotSent', expr, for: '5s', summary: 'notifications are taken and none is sent' }];
  }
  return [];
}

function accepted(service: string, path: string): string {
  return `http_requests_total{job="${service}",path="${path}",status=~"2.."}`;
}

function undone(taken: string, done: string): string {
  return `sum(rate(${taken}[${window}])) > 0 unless on () sum(rate(${done}[${window}])) > 0`;
}
