/** `npm run evals`: how good the sessions are, on the lab's faults live, or two engines side by side on stored evidence. */
import { UsageError } from '../../bench/usage-error.ts';
import { RecordingUnusable } from '../../faults/recording.ts';
import { FaultUnusable } from '../../lab/faults/catalogue.ts';
import { compare, recordingsIn } from './compare.ts';
import { textOf } from './comparison-text.ts';
import { evaluate } from './evaluate.ts';
import { pageAgain } from './judge-again.ts';
import { readOptions, usage, type CompareOptions } from './options.ts';
import { sideOf } from './sides.ts';
import { NothingMeasured } from './summary.ts';

const interrupted = 130;
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(name)));
try {
  const options = readOptions(process.argv.slice(2));
  if (options.kind === 'Help') console.log(usage);
  else if (options.kind === 'Judge') console.log(pageAgain(options.file));
  else process.exitCode = await (options.kind === 'Live' ? evaluate(options, stop.signal) : compared(options));
} catch (error) {
  if (stop.signal.aborted) {
    console.error('stopped; --resume goes on from here');
    process.exitCode = interrupted;
  } else {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
    else if (isForPeople(error)) console.error(error.message);
    else throw error;
  }
}

// Whatever a lab that was stopped half-way still holds must not keep a run that has ended.
process.stdout.write('', () => process.exit());

function isForPeople(error: unknown): error is Error {
  return [FaultUnusable, NothingMeasured, RecordingUnusable].some((kind) => error instanceof kind);
}

async function compared({ sides, bundles }: CompareOptions): Promise<number> {
  const [first, second] = [sideOf(sides[0]), sideOf(sides[1])];
  console.log(textOf(await compare(recordingsIn(bundles), [first, second], stop.signal)));
  return 0;
}
