import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { probe } from '../../../../skills/cloudwatch/probe.ts';
import { at, begin, contextOf, countingMetrics, failure, type Line, requests, ScriptedLogs } from './scripted-logs.ts';

const logsOf = (...lines: readonly (readonly Line[])[]): ScriptedLogs => {
  const logs = new ScriptedLogs();
  logs.lines = lines.flat();
  return logs;
};

async function findings(logs: ScriptedLogs, reason: string, parameters?: JsonObject): Promise<readonly Finding[]> {
  const result = await probe(contextOf(logs, parameters));
  return result.findings.filter(({ kind }) => kind === `cloudwatch.${reason}`);
}

describe('the error rate', () => {
  it('is high against what the service had before, since its first bad bin', async () => {
    const logs = logsOf(
      requests(begin - 600, begin + 60, 200, 2),
      requests(begin + 60, begin + 120, 200),
      requests(begin + 60, begin + 120, 503),
    );
    const [finding] = await findings(logs, 'ErrorRateHigh');
    expect(finding).toMatchObject({
      severity: 'Critical',
      since: at(begin + 60).toISOString(),
      value: 250_000,
      threshold: 10_000,
      unit: 'errors per million requests',
      facts: { errors: 60, requests: 240, baseline: 0, countedBy: 'Status' },
    });
  });

  it('is not high where the service always erred as much', async () => {
    const logs = logsOf(requests(begin - 600, begin + 120, 200, 9), requests(begin - 600, begin + 120, 500));
    expect(await findings(logs, 'ErrorRateHigh')).toEqual([]);
  });

  it('is high where more than one in five fail, however long they have', async () => {
    const always = (each: number) =>
      logsOf(requests(begin - 600, begin + 120, 200, each), requests(begin - 600, begin + 120, 500));
    expect(await findings(always(2), 'ErrorRateHigh')).toMatchObject([{ severity: 'Warning' }]);
    expect(await findings(always(0), 'ErrorRateHigh')).toMatchObject([{ severity: 'Critical' }]);
    expect(await findings(always(4), 'ErrorRateHigh')).toEqual([]);
  });

  it('is not made of fewer than three errors', async () => {
    const logs = logsOf(requests(begin, begin + 10, 200), requests(begin + 10, begin + 12, 500));
    expect(await findings(logs, 'ErrorRateHigh')).toEqual([]);
  });

  it('is counted in lines a minute where nothing tells requests', async () => {
    const before = Array.from({ length: 15 }, (_, index) => failure(begin - 900 + index * 60, 'x'));
    const now = Array.from({ length: 20 }, (_, index) => failure(begin + index, 'x'));
    const [finding] = await findings(logsOf(before, now), 'ErrorRateHigh');
    expect(finding).toMatchObject({ value: 10, threshold: 3, unit: 'errors a minute', facts: { countedBy: 'Lines' } });
    expect(await findings(logsOf(before, now.slice(0, 4)), 'ErrorRateHigh')).toEqual([]);
  });

  it('is no news at less than one line a minute, even where none was before', async () => {
    const now = Array.from({ length: 3 }, (_, index) => failure(begin + index, 'x'));
    const quiet = Array.from({ length: 9 }, (_, index): Line => ({
      second: begin - 900 + index,
      fields: { level: 'info', message: 'settled' },
    }));
    const [finding] = await findings(logsOf(quiet, now), 'ErrorRateHigh');
    expect(finding).toMatchObject({ severity: 'Warning', value: 1.5, threshold: 1 });
    const context = contextOf(logsOf(quiet, now));
    const hour = { from: at(begin), to: at(begin + 3600) };
    const { findings: found } = await probe({ ...context, window: hour });
    expect(found.filter(({ kind }) => kind === 'cloudwatch.ErrorRateHigh')).toEqual([]);
  });

  it('comes from metrics that count requests and errors where there are some', async () => {
    const logs = new ScriptedLogs();
    logs.metrics = { Asked: [[begin + 60, 1000]], Failed: [[begin + 60, 50]] };
    expect((await findings(logs, 'ErrorRateHigh', countingMetrics))[0]).toMatchObject({
      value: 50_000,
      facts: { countedBy: 'Metrics' },
    });
    expect(logs.queries).toEqual([]);
  });
});

describe('after an act', () => {
  const logs = logsOf(
    requests(begin - 900, begin + 120, 200, 9),
    requests(begin - 300, begin + 120, 500),
    [-200, -100, 10, 20, 30].map((second) => failure(begin + second, 'no connection')),
  );
  logs.metrics = {
    Depth: Array.from({ length: 20 }, (_, index) => [begin - 900 + index * 60, index < 6 ? 1 : 90] as const),
  };
  const watched = {
    logGroups: ['/shop'],
    metrics: [{ namespace: 'N', name: 'Depth', dimensions: {}, statistic: 'Average', aspect: 'Saturation' }],
  };
  const kinds = async (normalUntil?: Date): Promise<readonly string[]> => {
    const { window, ...context } = contextOf(logs, watched);
    const found = await probe({ ...context, window: normalUntil === undefined ? window : { ...window, normalUntil } });
    return found.findings.filter(({ severity }) => severity !== 'Info').map(({ kind }) => kind);
  };

  it('what is normal is told by the time before the harm, not by that right before the act', async () => {
    expect(await kinds(at(begin - 541))).toEqual(
      ['ErrorRateHigh', 'NewErrorTemplate', 'MetricAnomaly'].map((one) => `cloudwatch.${one}`),
    );
    expect(await kinds()).toEqual([]);
  });
});

describe('error messages', () => {
  const stack =
    'Error: no connection\n    at connect (/srv/node_modules/pg/client.js:5:1)\n    at pay (/srv/src/pay.js:17:3)';
  const story = logsOf(
    [failure(begin - 300, 'retry 1 of 3'), failure(begin + 30, 'retry 2 of 3')],
    [40, 50, 60].map((second) => failure(begin + second, `no connection to 10.0.0.${second}:5432`, stack)),
  );

  it('are new where the time before did not have them', async () => {
    const found = await findings(story, 'NewErrorTemplate');
    expect(found).toMatchObject([
      { since: at(begin + 40).toISOString(), value: 3, facts: { template: 'no connection to <address>', count: 3 } },
    ]);
  });

  it('are context where they are few among many requests, or come as they always did', async () => {
    const many = requests(begin, begin + 120, 200, 9);
    const severities = async (...lines: readonly (readonly Line[])[]): Promise<readonly string[]> => {
      const found = (await probe(contextOf(logsOf(...lines)))).findings;
      return found.filter(({ kind }) => /Template|Stack/.test(kind)).map(({ kind, severity }) => `${kind} ${severity}`);
    };
    const [fresh, traced] = ['cloudwatch.NewErrorTemplate', 'cloudwatch.StackTrace'];
    const thrown = (from: number, count: number): readonly Line[] =>
      Array.from({ length: count }, (_, index) => failure(from + index, 'no connection', stack));
    expect(await severities(many, thrown(begin + 1, 2))).toEqual([`${fresh} Info`, `${traced} Info`]);
    expect(await severities(many, thrown(begin + 1, 3))).toEqual([`${fresh} Warning`, `${traced} Warning`]);
    expect(await severities(requests(begin, begin + 60, 200), thrown(begin + 1, 1))).toEqual([
      `${fresh} Warning`,
      `${traced} Warning`,
    ]);
    expect(await severities(many, thrown(begin - 50, 5), thrown(begin + 1, 5))).toEqual([`${traced} Info`]);
    expect(await severities(many, thrown(begin - 50, 5), thrown(begin + 1, 15))).toEqual([`${traced} Warning`]);
  });

  it('tell the place in the code that they come from', async () => {
    expect(await findings(story, 'StackTrace')).toMatchObject([
      { value: 3, facts: { language: 'JavaScript', function: 'pay', file: '/srv/src/pay.js', line: 17 } },
    ]);
  });

  it('are dated by the oldest lines too, where there are more than are read at once', async () => {
    const many = (from: number, count: number, message: string): readonly Line[] =>
      Array.from({ length: count }, () => failure(from, message));
    const early = [failure(begin + 5, 'disk is full')];
    const known = many(begin - 100, 1, 'slow disk');
    const some = logsOf(known, early, many(begin + 20, 600, 'slow disk'));
    const [whole] = await findings(some, 'NewErrorTemplate');
    expect(whole).toMatchObject({ since: at(begin + 5).toISOString(), facts: { template: 'disk is full' } });
    expect((await probe(contextOf(some))).gaps).toEqual([]);
    const late = [failure(begin + 100, 'no space left')];
    const cut = logsOf(early, many(begin + 20, 1200, 'slow disk'), late);
    const found = await findings(cut, 'NewErrorTemplate');
    expect(found.map(({ facts, since }) => [facts?.['template'], since])).toEqual([
      ['slow disk', at(begin + 20).toISOString()],
      ['disk is full', at(begin + 5).toISOString()],
      ['no space left', undefined],
    ]);
    expect((await probe(contextOf(cut))).gaps).toMatchObject([{ what: 'most error lines of the window' }]);
  });

  it('are told as distinct templates, most frequent first', async () => {
    const { logTemplates } = await probe(contextOf(story));
    expect(logTemplates.map(({ template, count }) => [template, count])).toEqual([
      ['no connection to <address>', 3],
      ['retry <number> of <number>', 1],
    ]);
  });
});

describe('metrics and alarms', () => {
  const parameters = {
    metrics: [
      { namespace: 'Shop', name: 'Age', dimensions: { Queue: 'q' }, aspect: 'Saturation', worse: 'Up', unit: 's' },
    ],
  };
  const history = [10, 11, 9, 10, 12, 10, 11].map((value, index) => [begin - 420 + index * 60, value] as const);

  it('are strange when they go the bad way, far beyond their history', async () => {
    const logs = new ScriptedLogs();
    logs.metrics = { Age: [...history, [begin, 60], [begin + 60, 90]] };
    expect((await findings(logs, 'MetricAnomaly', parameters))[0]).toMatchObject({
      value: 75,
      threshold: 10,
      unit: 's',
      since: at(begin).toISOString(),
    });
    logs.metrics = { Age: [...history, [begin, 1], [begin + 60, 0]] };
    expect(await findings(logs, 'MetricAnomaly', parameters)).toEqual([]);
    logs.metrics = { Age: [...history, [begin, 10], [begin + 60, 90]] };
    expect(await findings(logs, 'MetricAnomaly', parameters)).toEqual([]);
  });

  it('are told as series of their aspect', async () => {
    const logs = logsOf(requests(begin, begin + 20, 200), requests(begin + 10, begin + 20, 500));
    logs.metrics = { Age: history };
    const { series } = await probe(contextOf(logs, { ...parameters, logGroups: ['/shop'] }));
    expect(series.map(({ name, aspect, points }) => [name, aspect, points.map(([, value]) => value)])).toEqual([
      ['requests', 'Traffic', [10, 20]],
      ['errors', 'Errors', [0, 10]],
      ['latency p95', 'Latency', [20, 900]],
      ['Age', 'Saturation', [10, 11, 9, 10, 12, 10, 11]],
    ]);
  });

  it('are active alarms of the node alone', async () => {
    const logs = new ScriptedLogs();
    const alarm = (name: string, metric: string, queue: string, second: number): JsonObject => ({
      alarm_name: name,
      namespace: 'Shop',
      metric_name: metric,
      dimensions: [{ Name: 'Queue', Value: queue }],
      state_reason: 'Threshold Crossed',
      threshold: 60,
      state_updated_timestamp: at(second).toISOString().replace('Z', '+00:00'),
    });
    logs.alarms = [
      alarm('ours', 'Age', 'q', begin + 5),
      alarm('theirs', 'Age', 'z', begin),
      alarm('shop-old', 'Other', 'z', begin - 99),
    ];
    const found = await findings(logs, 'AlarmActive', { ...parameters, alarmPrefixes: ['shop-'] });
    expect(found.map(({ severity, facts }) => [facts?.['alarm'], severity])).toEqual([
      ['ours', 'Warning'],
      ['shop-old', 'Info'],
    ]);
  });
});

describe('what could not be read', () => {
  it('is a gap where there are more alarms than are answered', async () => {
    const logs = logsOf([failure(begin + 1, 'x')]);
    logs.moreAlarms = true;
    const { gaps } = await probe(contextOf(logs, { logGroups: ['/shop'], alarmPrefixes: ['shop'] }));
    expect(gaps).toMatchObject([{ what: 'more alarms' }]);
  });

  it('is a gap each', async () => {
    const logs = logsOf([failure(begin + 1, 'x')]);
    logs.broken.add('get_active_alarms');
    const { gaps } = await probe(contextOf(logs, { logGroups: ['/shop'], alarmPrefixes: ['shop'] }));
    expect(gaps).toEqual([{ node: 'shop/logs', what: 'alarms', reason: 'get_active_alarms is down' }]);
  });

  it('is everything when neither logs nor metrics answer', async () => {
    const logs = new ScriptedLogs();
    logs.broken.add('execute_log_insights_query');
    await expect(probe(contextOf(logs))).rejects.toMatchObject({ name: 'NothingReadError' });
    const cancelled = new ScriptedLogs();
    cancelled.status = 'Cancelled';
    await expect(probe(contextOf(cancelled))).rejects.toMatchObject({ name: 'NothingReadError' });
  });
});
