import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passes, staticChecks } from '../scripts/verify.ts';

/** `npm test`: every suite one after another, the minutes of each, and one closing line that counts them all. */

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Cheap and telling first; a suite that fails does not keep the others from running. */
const suites = ['unit', 'apiserver', 'contracts', 'lab', 'e2e'] as const;

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numTotalTests: number;
  success: boolean;
}

async function staticSuite(): Promise<Counts> {
  let failed = 0;
  for (const check of staticChecks) {
    console.log(`== ${check.name}`);
    if (!(await passes(check))) failed += 1;
  }
  return { passed: staticChecks.length - failed, failed, skipped: 0 };
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
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that broke outside of any test, or that ran none, has failed. */
function countsOf(report: Report, code: number | null): Counts {
  const skipped = report.numPendingTests + report.numTodoTests;
  const broken = report.numFailedTests === 0 && (code !== 0 || report.numTotalTests === 0) ? 1 : 0;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped };
}

const chosen = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
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
}
console.log(`\n${lines.join('\n')}`);
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
