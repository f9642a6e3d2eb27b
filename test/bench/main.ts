/** `npm run bench -- NAME`: measures a part of the product on this machine. Progress goes to standard error. */
import { UsageError } from './usage-error.ts';
import { alertsBench, usage as alertsUsage } from './alerts/bench.ts';
import { reconcileBench, usage as reconcileUsage } from './reconcile/bench.ts';
import { sweepBench, usage as sweepUsage } from './sweep/bench.ts';

const benches = { reconcile: reconcileBench, sweep: sweepBench, alerts: alertsBench } as const;
const usage = ['npm run bench -- NAME [options], where NAME is one of', reconcileUsage, sweepUsage, alertsUsage].join(
  '\n',
);

function isBench(name: string | undefined): name is keyof typeof benches {
  return name !== undefined && Object.hasOwn(benches, name);
}

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
const [name, ...options] = process.argv.slice(2);
try {
  if (!isBench(name)) throw new UsageError(name === undefined ? 'a name is needed' : `there is no bench ${name}`);
  console.log(await benches[name](options, interrupt.signal));
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
  else if (!interrupt.signal.aborted) throw error;
}
