import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Holds the layers by dependency-cruiser, and fails as well when it looked at next to nothing: a check that cannot fail is none. */

interface Cruise {
  summary: {
    error: number;
    totalCruised: number;
    violations: { from: string; to: string; rule: { name: string; severity: string } }[];
  };
}

const folders = ['controller', 'skills', 'test', 'scripts'];
const least = 200;
const run = promisify(execFile);

const { stdout } = await run(
  'depcruise',
  ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
  { maxBuffer: 512 * 1024 * 1024 },
).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
// The tool's own documented output.
const { summary } = JSON.parse(stdout) as Cruise;
const errors = summary.violations.filter((violation) => violation.rule.severity === 'error');
for (const { rule, from, to } of errors) console.error(`${rule.name}: ${from} -> ${to}`);
if (summary.totalCruised < least) console.error(`only ${summary.totalCruised} modules were looked at`);
console.log(`layers: ${summary.totalCruised} modules, ${errors.length} violations`);
process.exitCode = errors.length > 0 || summary.totalCruised < least ? 1 : 0;
