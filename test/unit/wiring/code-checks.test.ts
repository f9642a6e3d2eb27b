import { expect, test } from 'vitest';
import type { CheckRunner } from '../../../controller/sandbox/check-runner.ts';
import { TreeTooLarge } from '../../../controller/sandbox/check-runner.ts';
import type { ChecksRequest } from '../../../controller/sandbox/run-checks.ts';
import { SandboxError, type SandboxObstacle } from '../../../controller/sandbox/sandbox.ts';
import type { CheckRequest, ToolBroker } from '../../../controller/session/dependencies.ts';
import { codeChecks } from '../../../controller/wiring/code-checks.ts';

const signal = new AbortController().signal;
const sha = 'a'.repeat(40);
const base64 = Buffer.from('hello').toString('base64');
const broker = {
  toolsFor: () => ({ call: async () => ({ files: [{ path: 'a.txt', base64, executable: false }] }) }),
} as unknown as ToolBroker;
const metadata = { namespace: 'payments', name: 'one' };
const request = {
  where: { session: { metadata }, topology: { metadata }, repository: 'acme/payments' },
  ref: sha,
  edits: [],
  checks: [['npm', 'test']],
} as unknown as CheckRequest;

const runner = (more: Partial<CheckRunner>): CheckRunner => ({
  available: async () => undefined,
  run: async () => ({ passed: true, runs: [] }),
  ...more,
});
const failingWith = (error: Error) =>
  codeChecks(runner({ run: () => Promise.reject(error) }), broker).run(request, signal);

test('the tree and the commands go to the runner, with whose they are', async () => {
  const seen: ChecksRequest[] = [];
  const run: CheckRunner['run'] = async (asked) => {
    seen.push(asked);
    const result = { exitCode: 1, output: 'no', truncatedBytes: 0, timedOut: false, oomKilled: false };
    return { passed: false, runs: [{ ...result, command: ['npm', 'test'], seconds: 2 }] };
  };
  expect(await codeChecks(runner({ run }), broker).run(request, signal)).toEqual({
    passed: false,
    summary: 'npm test: exit code 1 after 2.0 s: no',
  });
  expect(seen).toMatchObject([{ session: 'payments/one', checks: [['npm', 'test']], files: [{ path: 'a.txt' }] }]);
});

test('without a sandbox the fix is refused, and nothing is read or run', async () => {
  const available: CheckRunner['available'] = async () => ({ obstacle: 'NotRestricted', reason: 'no label' });
  const none = { toolsFor: () => expect.unreachable('nothing is to be read') } as unknown as ToolBroker;
  await expect(codeChecks(runner({ available }), none).run(request, signal)).rejects.toMatchObject({
    name: 'PlanRefused',
    code: 'NoSandbox',
    message: 'code fixes need a sandbox: NotRestricted: no label',
  });
});

test.each<SandboxObstacle>(['NetworkOpen', 'NetworkUnproven', 'NetworkNotDenied', 'NotPermitted', 'TreeNotUnpacked'])(
  '%s refuses the fix: another try changes nothing',
  async (obstacle) => {
    const refused = failingWith(new SandboxError({ obstacle, reason: 'why' }));
    await expect(refused).rejects.toMatchObject({
      code: 'NoSandbox',
      message: expect.stringContaining(`${obstacle}: why`),
    });
  },
);

test.each<SandboxObstacle>(['JobNotStarted', 'JobRefused', 'JobLost'])('%s is tried again', async (obstacle) => {
  await expect(failingWith(new SandboxError({ obstacle, reason: 'why' }))).rejects.toBeInstanceOf(SandboxError);
});

test('a tree that is too large refuses the fix', async () => {
  const refused = failingWith(new TreeTooLarge(2 ** 21, 2 ** 20, 'compressed'));
  await expect(refused).rejects.toMatchObject({
    code: 'TreeTooLarge',
    message: "the repository's checks cannot be run: the tree comes to 2.0 MiB compressed, and 1.0 MiB are allowed",
  });
});
