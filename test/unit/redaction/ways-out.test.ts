import { describe, expect, it } from 'vitest';
import { setReadiness } from '../../../controller/kube/conditions.ts';
import { failureText } from '../../../controller/mcp/failure-text.ts';
import { fenced as fencedForModel } from '../../../controller/reasoning/claude/prompt/fence.ts';
import { fenced, inline } from '../../../controller/report/markdown.ts';
import { redact } from '../../../controller/redaction/redact.ts';
import { BoundedOutput } from '../../../controller/sandbox/output.ts';
import { checkStatus } from '../../../controller/session/check-status.ts';
import { redactedTools } from '../../../controller/session/sweep/redacted-tools.ts';
import { pause, stall } from '../../../controller/session/transition.ts';
import { safeFields } from '../../../controller/telemetry/safe-fields.ts';

const secret = `ghp_${'a1B2c3D4e5'.repeat(4)}`;
/** So that a bound at `limit` would cut it in two. */
const before = (limit: number): string => `${'x '.repeat(limit)}`.slice(0, limit - 10) + secret;
const signal = new AbortController().signal;

const ways: readonly (readonly [string, () => unknown])[] = [
  ['a condition', () => setReadiness([], { state: 'Stalled', reason: 'X', message: before(2000) }, 1, new Date(0))],
  ['a stalled session', () => stall('X', before(1000))],
  ['a waiting session', () => pause('X', before(1000), 1)],
  ['a check', () => checkStatus({ name: 'a', node: 'b', verdict: 'Pass', summary: before(500) })],
  ['an error of a tool', () => failureText(before(2000))],
  ['a line of a pull request', () => inline(before(300))],
  ['a block of a pull request', () => fenced(before(12_000))],
  ['a prompt', () => fencedForModel('logs', `a ${secret} b`)],
  ['a field of the log', () => safeFields({ error: Object.assign(new Error('x'), { reason: secret }) }, redact)],
];

describe('what leaves the operator', () => {
  it.each(ways)('holds no secret, whole or cut: %s', (_way, make) => {
    expect(JSON.stringify(make()).replaceAll('\\', '')).not.toContain(secret.slice(0, 10));
  });

  it('is cut between the lines of a command that says too much', () => {
    const output = new BoundedOutput();
    for (let line = 0; line < 4_000; line += 1) output.add(Buffer.from(`${line} token=${secret}\n`));
    const text = output.text();
    expect(output.truncatedBytes).toBeGreaterThan(0);
    for (const line of text.trim().split('\n')) expect(line).toMatch(/^\d+ token=ghp_\w{40}$|left out|^$/);
  });
});

describe('what a probe reads', () => {
  it('has no secrets in its texts, and its values as they are', async () => {
    const answer = {
      environment: [{ name: 'DB_PASSWORD', value: 'k9Qw8e7r' }],
      lines: [`2026 start ${secret.slice(0, 20)}`, `${secret.slice(20)} end of it`],
      rows: [secret.slice(0, 20), secret.slice(20)].map((value) => [
        { field: '@timestamp', value: '2026-11-30 10:00:00.000' },
        { field: '@message', value },
      ]),
      event: `could not log in with ${secret}`,
    };
    const tools = redactedTools({ call: () => Promise.resolve(answer) });
    expect(await tools.call('any', {}, signal)).toEqual({
      environment: answer.environment,
      lines: ['2026 start [redacted:github-token]', '[redacted:github-token] end of it'],
      rows: Array.from({ length: 2 }, () => [
        { field: '@timestamp', value: '2026-11-30 10:00:00.000' },
        { field: '@message', value: '[redacted:github-token]' },
      ]),
      event: 'could not log in with [redacted:github-token]',
    });
  });
});
