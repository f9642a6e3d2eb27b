import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Check, HealthServer } from '../../../controller/telemetry/health.ts';
import { createLogger, type Logger, type LogLevel } from '../../../controller/telemetry/logger.ts';
import { MetricsRegistry } from '../../../controller/telemetry/metrics.ts';

function logger(
  level: LogLevel = 'info',
  redactText?: (text: string) => string,
): { log: Logger; lines: () => object[] } {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const log = createLogger({ level, destination, ...(redactText === undefined ? {} : { redactText }) });
  return {
    log,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object),
  };
}

describe('logger', () => {
  it('writes one JSON line with a constant message and the fields of all its parents', () => {
    const { log, lines } = logger();
    log.child({ controller: 'c' }).child({ name: 'n' }).warn('it failed', { delayMs: 5 });
    expect(lines()).toMatchObject([{ level: 'warn', message: 'it failed', controller: 'c', name: 'n', delayMs: 5 }]);
    expect(lines()[0]).toHaveProperty('time', expect.stringMatching(/^\d{4}-.*Z$/));
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = logger('warn');
    log.info('x');
    log.error('y');
    expect(lines()).toMatchObject([{ message: 'y' }]);
  });

  it('never writes a field that holds a secret by its name, at any depth', () => {
    const { log, lines } = logger();
    log
      .child({ apiKey: 'S3CRET' })
      .info('x', { user: { Access_Token: 'S3CRET', deep: [{ 'private-key': 'S3CRET' }] } });
    expect(JSON.stringify(lines())).not.toContain('S3CRET');
    expect(lines()).toMatchObject([{ apiKey: '[redacted]', user: { Access_Token: '[redacted]' } }]);
  });

  it('redacts texts, also inside errors and their causes', () => {
    const { log, lines } = logger('info', (text) => text.replaceAll('S3CRET', '***'));
    const cause = new Error('password is S3CRET');
    log.error('x', { url: 'https://u:S3CRET@host', error: new Error('no S3CRET', { cause }) });
    expect(JSON.stringify(lines())).not.toContain('S3CRET');
    expect(lines()).toMatchObject([
      { url: 'https://u:***@host', error: { message: 'no ***', cause: { message: 'password is ***' } } },
    ]);
  });

  it('writes of an error its class and codes, and no field that may hold anything', () => {
    const { log, lines } = logger();
    log.error('x', { error: Object.assign(new TypeError('t'), { code: 'E_X', status: 409, body: 'a whole answer' }) });
    expect(lines()).toMatchObject([{ error: { type: 'TypeError', message: 't', code: 'E_X', status: 409 } }]);
    expect(JSON.stringify(lines())).not.toContain('a whole answer');
  });

  it('survives what is deep or goes in a circle', () => {
    const { log, lines } = logger();
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    log.info('x', { circle, big: 10n });
    expect(lines()).toMatchObject([{ message: 'x', big: '10' }]);
  });
});

describe('metrics', () => {
  it('are one when asked for twice, and refreshed at each scrape', async () => {
    const metrics = new MetricsRegistry();
    metrics.counter('c_total', 'help', ['name']).inc({ name: 'a' });
    metrics.counter('c_total', 'help', ['name']).inc({ name: 'a' }, 2);
    let age = 1;
    for (const name of ['a', 'b']) {
      const gauge = metrics.gauge('g', 'help', ['name']);
      gauge.onScrape(() => gauge.set({ name }, age));
    }
    metrics.histogram('h_seconds', 'help', [], [1, 2]).observe({}, 1.5);
    expect(await metrics.text()).toContain('c_total{name="a"} 3');
    age = 7;
    const text = await metrics.text();
    expect(text).toContain('g{name="a"} 7');
    expect(text).toContain('g{name="b"} 7');
    expect(text).toContain('h_seconds_bucket{le="1"} 0');
    expect(text).toContain('h_seconds_bucket{le="2"} 1');
  });

  it('of two kinds cannot have one name', () => {
    const metrics = new MetricsRegistry();
    metrics.counter('x', 'help', []);
    expect(() => metrics.gauge('x', 'help', [])).toThrow(TypeError);
  });
});

describe('health server', () => {
  async function serve(ready: Record<string, Check>, test: (url: string) => Promise<void>): Promise<void> {
    const metrics = new MetricsRegistry();
    metrics.counter('c_total', 'help', []).inc({});
    const server = await HealthServer.start({ host: '127.0.0.1', port: 0, live: {}, ready, metrics });
    try {
      await test(server.url);
    } finally {
      await server.stop();
    }
  }

  it('is ready when every check is, and says which one is not', async () => {
    let why: string | undefined = 'not synced';
    await serve({ cache: () => why, leader: () => undefined }, async (url) => {
      const not = await fetch(`${url}/readyz`);
      expect([not.status, await not.text()]).toEqual([503, '[-] cache: not synced\n[+] leader ok\nnot ok\n']);
      why = undefined;
      expect((await fetch(`${url}/readyz?verbose`)).status).toBe(200);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    });
  });

  it('a check that throws is not ready', async () => {
    const broken = (): never => {
      throw new TypeError('secret detail');
    };
    await serve({ broken }, async (url) => {
      const response = await fetch(`${url}/readyz`);
      expect([response.status, await response.text()]).toEqual([503, '[-] broken: TypeError\nnot ok\n']);
    });
  });

  it('shows the metrics, nothing else, and takes no writes', async () => {
    await serve({}, async (url) => {
      const response = await fetch(`${url}/metrics`);
      expect(response.headers.get('content-type')).toContain('text/plain');
      expect(await response.text()).toContain('c_total 1');
      expect((await fetch(`${url}/`)).status).toBe(404);
      expect((await fetch(`${url}/healthz`, { method: 'POST' })).status).toBe(405);
    });
  });
});
