import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
const folder = mkdtempSync(join(tmpdir(), 'threehops-bin-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** kubectl runs `kubectl-NAME` of the PATH for `kubectl NAME`; npm links commands as here. */
test.each(['threehops', 'kubectl-threehops'])('%s is a command that can be run by a link to it', async (name) => {
  const link = join(folder, name);
  symlinkSync(join(root, bin[name] ?? ''), link);
  const { stdout } = await promisify(execFile)(link, ['replay', '--help']);
  expect(stdout).toContain('Usage: threehops replay');
});
