import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { ToolFailed, ToolRefused, ToolTimeout } from '../../../../controller/mcp/errors.ts';
import { checkParameters } from '../../../../controller/topology/parameters.ts';
import { healthy } from '../../../../skills/http-health/checks.ts';
import { probe } from '../../../../skills/http-health/probe.ts';
import { skill } from '../../../../skills/http-health/skill.ts';
import type { ProbeContext } from '../../../../skills/skill.ts';
import { fakeTools, probeContext } from '../lib/fake-tools.ts';

const address = { server: 'http', tool: 'http_get' };
const good = { status: 200, latencyMs: 20, headers: {}, body: '' };

function failed(code: string): ToolFailed {
  return new ToolFailed(address, { code, reason: `because of ${code}` });
}

/** Answers one after another, the last one again and again. */
function contextOf(answers: readonly (Json | Error)[], more: JsonObject = {}): ProbeContext {
  const left = [...answers];
  const next = (): Json | Error => (left.length > 1 ? left.shift() : left[0]) as Json | Error;
  return probeContext(fakeTools({ http_get: next }), { url: 'http://shop.test/health', samples: 10, ...more });
}

async function told(answers: readonly (Json | Error)[], more: JsonObject = {}): Promise<readonly string[]> {
  const { findings } = await probe(contextOf(answers, more));
  return findings.map(({ kind, severity, value }) => `${kind.slice('http-health.'.length)} ${severity} ${value}`);
}

describe('samples', () => {
  it('of one kind of failure are one finding, by their share', async () => {
    const bad = { ...good, status: 503 };
    expect(await told([bad, good])).toEqual(['BadStatus Warning 10']);
    expect(await told([bad, failed('ECONNRESET'), bad, good])).toEqual([
      'Unreachable Warning 10',
      'BadStatus Critical 20',
    ]);
    expect(await told([bad, good], { maxErrorPercent: 10 })).toEqual([]);
  });

  it.each([
    ['ENOTFOUND', 'DnsFailed'],
    ['EAI_AGAIN', 'DnsFailed'],
    ['CERT_HAS_EXPIRED', 'TlsInvalid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TlsInvalid'],
    ['DialTimeout', 'Unreachable'],
    ['ECONNREFUSED', 'Unreachable'],
    ['HPE_INVALID_CONSTANT', 'Unreachable'],
  ])('that fail with %s are %s', async (code, reason) => {
    expect(await told([failed(code)])).toEqual([`${reason} Critical 100`]);
  });

  it('that came too late for the tool are unreachable, and what we were not allowed is our own matter', async () => {
    expect(await told([new ToolTimeout(address, 'late')])).toEqual(['Unreachable Critical 100']);
    await expect(told([good, failed('HostRefused'), good])).rejects.toMatchObject({ code: 'HostRefused' });
    await expect(told([new ToolRefused(address, 'no')])).rejects.toBeInstanceOf(ToolRefused);
  });

  it('of which none came back at all are silence, which may be our own doing', async () => {
    const silent = async (answers: readonly (Json | Error)[]) => (await probe(contextOf(answers))).findings[0]?.silent;
    expect(await silent([failed('DialTimeout')])).toBe(true);
    expect(await silent([new ToolTimeout(address, 'late'), failed('DialTimeout')])).toBe(true);
    expect(await silent([good, failed('DialTimeout')])).toBeUndefined();
    expect(await silent([failed('ECONNREFUSED'), failed('DialTimeout')])).toBeUndefined();
  });

  it('that we were too busy to watch say nothing; with no other there was no look', async () => {
    expect(await told([failed('Unnoticed'), failed('Unnoticed'), good])).toEqual([]);
    expect(await told([failed('Unnoticed'), failed('ECONNREFUSED'), good])).toEqual(['Unreachable Warning 11.1']);
    await expect(told([failed('Unnoticed')])).rejects.toMatchObject({ code: 'Unnoticed' });
  });

  it('that are slow are told by the 95th percentile, and a single one is not', async () => {
    const slow = { ...good, latencyMs: 9000 };
    expect(await told([slow, good])).toEqual([]);
    expect(await told([slow, slow, good])).toEqual(['SlowResponse Warning 9000']);
    expect(await told([{ ...slow, status: 500 }], { samples: 1 })).toEqual([
      'BadStatus Critical 100',
      'SlowResponse Warning 9000',
    ]);
  });

  it("are slow by the page's own baseline where it is known", async () => {
    const late = { ...good, latencyMs: 2500 };
    expect(await told([late], { baselineLatencyMs: 2000 })).toEqual([]);
    expect(await told([{ ...good, latencyMs: 310 }], { baselineLatencyMs: 100 })).toEqual(['SlowResponse Warning 310']);
    expect(await told([{ ...good, latencyMs: 310 }], { baselineLatencyMs: 100, maxLatencyRatio: 4 })).toEqual([]);
  });

  it('say which name was not resolved, and what was said of it', async () => {
    const { findings } = await probe(contextOf([failed('ENOTFOUND')]));
    expect(findings).toMatchObject([{ summary: '10 of 10 requests did not resolve the name shop.test: ENOTFOUND' }]);
  });

  it('begin now: since is the first sample that failed', async () => {
    const { findings } = await probe(contextOf([failed('ECONNREFUSED')]));
    expect(findings[0]).toMatchObject({
      id: 'shop/code:http-health.Unreachable:page',
      since: '2026-11-20T11:00:00.000Z',
      threshold: 0,
      unit: '%',
      source: 'http_get GET http://shop.test/health',
      facts: { answers: { ECONNREFUSED: 10 }, reasons: ['because of ECONNREFUSED'] },
    });
  });
});

it('asks questions that no two of are the same, as equal ones may be answered as one', async () => {
  const asked = new Set<string>();
  const tools = fakeTools({
    http_get: (args) => {
      asked.add(JSON.stringify(args));
      return good;
    },
  });
  await probe(probeContext(tools, { url: 'http://shop.test/health' }));
  expect(asked.size).toBe(10);
});

it.each([
  ['2026-11-19T11:00:00.000Z', 'Critical', -1, '2026-11-19T11:00:00.000Z'],
  ['2026-11-30T11:00:00.000Z', 'Warning', 10, '2026-11-16T11:00:00.000Z'],
])(
  'a certificate until %s is %s, since it ran out or too little of it was left',
  async (validTo, severity, value, since) => {
    const certificate = { subject: 'shop.test', issuer: 'ca', validFrom: '2026-01-01T00:00:00.000Z', validTo };
    const tools = fakeTools({ http_get: () => good, tls_certificate: () => certificate });
    const { findings } = await probe(probeContext(tools, { url: 'https://shop.test/' }));
    expect(findings).toMatchObject([{ kind: 'http-health.TlsExpiresSoon', severity, value, since }]);
  },
);

it('the check allows as many errors as the map', async () => {
  const run = async (maxErrorsPerMillion: number): Promise<unknown> => {
    const context = contextOf([failed('ECONNRESET'), good]);
    return (await healthy.run({ ...context, thresholds: { maxErrorsPerMillion } })).verdict;
  };
  expect([await run(99_999), await run(100_000)]).toEqual(['Fail', 'Pass']);
});

it('a page is the same however a map writes it', () => {
  const same = ['http://SHOP.test:80/health', 'http://shop.test/health?full=1', 'http://shop.test/health#top'];
  expect(new Set(same.map((url) => skill.identity({ url })))).toEqual(new Set(['http:http://shop.test/health']));
});

it('parameters that are missing or unsafe are named', () => {
  expect(checkParameters(skill, { url: 'http://shop.test/' })).toMatchObject({
    ok: true,
    with: { method: 'GET', samples: 10, maxLatencyMs: 2000 },
  });
  for (const wrong of [{}, { url: 'ftp://shop.test' }, { url: 'http://user:pass@shop.test/' }, { url: 'shop.test' }]) {
    expect(checkParameters(skill, wrong)).toMatchObject({ ok: false, problem: expect.stringContaining('url') });
  }
});
