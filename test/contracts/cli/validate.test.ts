import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Judgement } from '../../../controller/cli/validate/judge.ts';
import { articleMap } from '../../unit/cli/validate/article.ts';
import { root, runBin, type Ended } from './bin.ts';

const broken = 'test/fixtures/validate/broken';

/** With a text on standard input. */
async function piped(text: string, ...args: string[]): Promise<Ended> {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  const child = spawn(process.execPath, [bin['threehops'] ?? '', 'validate', ...args], { cwd: root });
  const read = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (read.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (read.stderr += data.toString()));
  child.stdin.end(text);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...read };
}

test('the exit code tells fine from wrong from misused', async () => {
  const codes = async (...args: string[]) => (await runBin(['validate', ...args])).code;
  const asked = [
    ['manifests/samples'],
    ['manifests/samples', '--strict'],
    [broken],
    ['nowhere'],
    ['--output', 'xml'],
    ['--colour'],
    ['docs'],
    ['docs', '--strict'],
  ];
  expect(await Promise.all(asked.map((args) => codes(...args)))).toEqual([0, 0, 1, 2, 2, 2, 0, 1]);
});

test('warnings alone are no failure, unless they are to be', async () => {
  const lone = readFileSync(join(root, 'manifests/samples/debug-session.yaml'), 'utf8');
  const lenient = await piped(lone, '-');
  expect(lenient).toMatchObject({ code: 0, stderr: '' });
  expect(lenient.stdout).toMatch(/^<stdin>:\d+:3: warning: spec\.topologyRef: ServiceTopology default\/payments-api /);
  expect(await piped(lone, '-', '--strict')).toMatchObject({ code: 1 });
});

test('a line a problem and one that sums up, for editors and people', async () => {
  const { stdout, stderr } = await runBin(['validate', broken]);
  expect(stderr).toBe('');
  const lines = stdout.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^\d+ errors, \d+ warnings in \d+ objects of 3 files; 1 other passed over$/);
  for (const line of lines.slice(0, -1)) {
    expect(line).toMatch(/^test\/fixtures\/validate\/broken\/\w+\.yaml:\d+:\d+: (error|warning): \S/);
  }
});

test('the same for programs, and for a GitHub workflow', async () => {
  const [json, github] = await Promise.all([
    runBin(['validate', broken, '-o', 'json']),
    runBin(['validate', broken, '-o', 'github']),
  ]);
  const { problems } = JSON.parse(json.stdout) as Judgement;
  expect(json.code).toBe(1);
  expect(problems[0]).toMatchObject({ file: `${broken}/map.yaml`, line: 12, column: 3, severity: 'Error' });
  const commands = github.stdout.trimEnd().split('\n');
  expect(commands).toHaveLength(problems.length);
  for (const command of commands)
    expect(command).toMatch(/^::(error|warning) file=[^,]+,line=\d+,col=\d+,title=[^:]+::/);
  expect(github.stderr).toMatch(/^threehops: \d+ errors, /);
});

test('the article’s map from standard input is told what it lacks', async () => {
  const { code, stdout } = await piped(articleMap, '-');
  expect(code).toBe(1);
  expect(stdout).toContain('<stdin>:15:7: error: spec.downstream[lambda-worker].with.functionName: is missing');
  expect(stdout).toContain('\n6 errors, 1 warning in 1 object of 1 file\n');
});

test('its help fits a terminal', async () => {
  const { code, stdout } = await runBin(['validate', '--help']);
  expect(code).toBe(0);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});
