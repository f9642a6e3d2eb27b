import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { bubblewrapSandbox } from '../../../controller/sandbox/bubblewrap-sandbox.ts';
import { runChecks, type ChecksRequest } from '../../../controller/sandbox/run-checks.ts';
import type { Sandbox } from '../../../controller/sandbox/sandbox.ts';
import { debianProgram } from '../../lab/parts/debian.ts';

const signal = AbortSignal.timeout(120_000);
let sandbox: Sandbox;

beforeAll(async () => {
  const bwrap = await debianProgram('bwrap', { signal, progress: () => undefined });
  sandbox = bubblewrapSandbox({ bwrap: bwrap.path, bwrapEnv: bwrap.env, clock: systemClock });
}, 120_000);

const files = [
  { path: 'level.txt', content: '12\n' },
  { path: 'gone.txt', content: 'x' },
  { path: 'bin/check.sh', content: '#!/bin/sh\ntest "$(cat level.txt)" -lt 10\n', executable: true },
];
const check = (request: Partial<ChecksRequest>) =>
  runChecks(sandbox, { files, edits: [], checks: [['bin/check.sh']], ...request }, systemClock, signal);

it('runs the checks on the tree with the edits laid over it', async () => {
  expect(await check({})).toMatchObject({ passed: false, runs: [{ exitCode: 1 }] });
  const edits = [
    { path: 'level.txt', content: '9\n' },
    { path: 'gone.txt', content: null },
    { path: 'deep/new.txt', content: 'n' },
  ];
  const result = await check({ edits, checks: [['bin/check.sh'], ['find', '.', '-type', 'f']] });
  expect(result.passed).toBe(true);
  expect(new Set(result.runs[1]?.output.trim().split('\n'))).toEqual(
    new Set(['./level.txt', './bin/check.sh', './deep/new.txt']),
  );
});

it('stops at the first check that fails', async () => {
  const result = await check({ checks: [['true'], ['false'], ['true']] });
  expect(result.passed).toBe(false);
  expect(result.runs.map(({ exitCode }) => exitCode)).toEqual([0, 1]);
});

it('does not pass what ran out of time', async () => {
  const result = await check({ checks: [['sleep', '30']], limits: { timeoutMs: 500 } });
  expect(result).toMatchObject({ passed: false, runs: [{ timedOut: true }] });
});

it.each([['../up'], ['/abs'], ['.git/hooks/x'], ['a/../../b']])(
  'lays nothing out at %s, and leaves nothing behind',
  async (path) => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('threehops-checks-'));
    const before = folders();
    await expect(check({ edits: [{ path, content: 'x' }] })).rejects.toMatchObject({ name: 'BadTreePath' });
    expect(folders()).toEqual(before);
  },
);

it('follows nothing that a check has left, and takes it away whatever it is called and however deep', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'threehops-left-test-'));
  writeFileSync(join(outside, 'kept.txt'), 'kept');
  const before = statSync(outside);
  const leave = [
    `ln -s ${outside} link; ln -s ${outside}/kept.txt file; mkdir real && ln -s ${outside} real/link`,
    String.raw`printf x > "$(printf 'new
line')"; printf x > "$(printf 'notÿutf8')"; printf x > ./-rf; mkfifo pipe`,
    `mkdir closed && touch closed/x && chmod 0 closed`,
    `n=0; while [ $n -lt 400 ]; do mkdir aaaaaaaaaaaaaaaaaaaaaaaa && cd aaaaaaaaaaaaaaaaaaaaaaaa; n=$((n+1)); done; true`,
  ].join('\n');
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('threehops-checks-'));
  const there = folders();
  // The folder is given away again before the second check.
  const result = await check({ checks: [['sh', '-c', leave], ['true']] });
  expect(result).toMatchObject({ passed: true });
  expect(folders()).toEqual(there);
  expect(statSync(outside)).toMatchObject({ uid: before.uid, gid: before.gid, mode: before.mode });
  expect(statSync(join(outside, 'kept.txt'))).toMatchObject({ uid: before.uid });
  expect(readFileSync(join(outside, 'kept.txt'), 'utf8')).toBe('kept');
  rmSync(outside, { recursive: true });
});
