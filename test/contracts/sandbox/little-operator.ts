import { systemClock } from '../../../controller/kube/clock.ts';
import { bubblewrapSandbox } from '../../../controller/sandbox/bubblewrap-sandbox.ts';

/** Runs one command in the sandbox and prints what came of it: a parent that a test may kill, or start in odd ways. */
const [bwrap = '', bwrapEnv = '{}', workdir = '', script = ''] = process.argv.slice(2);
const sandbox = bubblewrapSandbox({
  bwrap,
  bwrapEnv: JSON.parse(bwrapEnv) as Record<string, string>,
  clock: systemClock,
});
const request = { workdir, timeoutMs: 60_000, memoryMiB: 128, pids: 32, network: 'None' as const };
const result = await sandbox.run({ ...request, command: ['sh', '-c', script] }, new AbortController().signal);
process.stdout.write(result.output);
