import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { passes, staticChecks } from '../scripts/verify.ts';

/** `npm test`: every suite one after another, the minutes of each, and one closing line that counts them all. */

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed and how, for the end of a log that nobody scrolls back. */
  readonly failures: readonly string[];
  /** What failed and then passed, and how it had failed. */
  readonly again: readonly string[];
}

/** Cheap and telling first; a suite that fails does not keep the others from running. */
const suites = ['unit', 'apiserver', 'contracts', 'lab', 'e2e'] as const;

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numTotalTests: number;
  testResults: { name: string; message: string; status: string; assertionResults: Assertion[] }[];
}

interface Assertion {
  fullName: string;
  status: string;
  failureMessages: string[];
}

async function staticSuite(): Promise<Counts> {
  const failures: string[] = [];
  for (const check of staticChecks) {
    console.log(`== ${check.name}`);
    if (!(await passes(check))) failures.push(check.name);
  }
  const failed = failures.length;
  return { passed: staticChecks.length - failed, failed, skipped: 0, failures, again: [] };
}

async function vitestSuite(name: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'threehops-test-'));
  const file = join(folder, 'report.json');
  const args = ['run', '--project', name, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const child = spawn('vitest', args, { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  try {
    return countsOf(JSON.parse(readFileSync(file, 'utf8')) as Report, code);
  } catch (error) {
    console.error(`${name}: no report (${String(error)})`);
    return { passed: 0, failed: 1, skipped: 0, failures: ['no report'], again: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that broke outside of any test, or that ran none, has failed. */
function countsOf(report: Report, code: number | null): Counts {
  const skipped = report.numPendingTests + report.numTodoTests;
  const broken = report.numFailedTests === 0 && (code !== 0 || report.numTotalTests === 0) ? 1 : 0;
  const failures = report.testResults.flatMap(failuresIn);
  const again = report.testResults.flatMap((file) => toldIn(file, (one) => one.status === 'passed'));
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped, failures, again };
}

type TestFile = Report['testResults'][number];

/** Each failed test of a file; the file itself where it broke outside of any test. */
function failuresIn(file: TestFile): readonly string[] {
  const failed = toldIn(file, (one) => one.status === 'failed');
  return failed.length > 0 || file.status !== 'failed' ? failed : [`${fileName(file)}: ${opening(file.message)}`];
}

/** Tests of a file with the first lines of how each failed, if it ever did. */
function toldIn(file: TestFile, of: (one: Assertion) => boolean): readonly string[] {
  const told = file.assertionResults.filter((one) => of(one) && one.failureMessages.length > 0);
  return told.map((one) => `${fileName(file)} > ${one.fullName}: ${opening(one.failureMessages.join('\n'))}`);
}

function fileName({ name }: TestFile): string {
  return relative(process.cwd(), name);
}

/** Without the frames of what ran the test. */
function opening(message: string): string {
  const lines = message.split('\n').filter((line) => !/^ +at .*(node_modules|node:internal)/.test(line));
  return lines.slice(0, 12).join('\n    ');
}

/** What the lab is made of takes minutes the first time, in which the first suites leave half of the machine idle. Who misses something says what. */
function getParts(): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'lab', 'get.ts')], { stdio: 'ignore' });
}

const chosen = process.argv.slice(2);
const needsParts = suites.some((name) => name !== 'unit' && (chosen.length === 0 || chosen.includes(name)));
const parts = needsParts ? getParts() : undefined;
const totals = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
const told: string[] = [];
for (const name of ['static', ...suites]) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const began = performance.now();
  console.log(`\n=== ${name}`);
  const counts = name === 'static' ? await staticSuite() : await vitestSuite(name);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  lines.push(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${minutes} min`);
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
  told.push(...counts.again.map((failure) => `passed when tried again, in ${name}: ${failure}`));
  told.push(...counts.failures.map((failure) => `failed in ${name}: ${failure}`));
}
parts?.kill();
if (told.length > 0) console.log(`\n${told.join('\n')}`);
console.log(`\n${lines.join('\n')}`);
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
