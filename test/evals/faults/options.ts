import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../../bench/usage-error.ts';
import { usualLabs } from '../../e2e/platforms.ts';
import { recordingsFolder } from '../../faults/recording.ts';
import type { Engine } from '../../lab/host/session.ts';
import { forms, sets, type Form, type SetName } from './cases.ts';

export interface LiveOptions {
  readonly kind: 'Live';
  readonly engines?: readonly Engine[];
  readonly faults?: readonly string[];
  readonly set: SetName;
  readonly forms: readonly Form[];
  /** At a time. */
  readonly labs: number;
  readonly out: string;
  readonly resume: boolean;
}

export interface CompareOptions {
  readonly kind: 'Compare';
  readonly sides: readonly [string, string];
  readonly bundles: string;
}

export type Order =
  | LiveOptions
  | CompareOptions
  | { readonly kind: 'Judge'; readonly file: string }
  | { readonly kind: 'Help' };

export const usage = `Usage: npm run evals [-- options]

Runs whole sessions on the lab's faults, and writes what they came to:
DIR/evals.md, DIR/evals.json and, as it goes, DIR/evals.jsonl.

  --engine ENGINE  Causal, Claude or Both; may be repeated (all that can be run
                   without it)
  --fault NAME     a fault, or SET/NAME of a set beside the catalogue; may be
                   repeated (all of the set without it)
  --set SET        catalogue, hard, second, third or all (all without it)
  --form FORM      plain, disguised or both (both without it); the sets beside
                   the catalogue are always disguised
  --labs N         at a time (${usualLabs} without it; 1 on a machine that has other work)
  --out DIR        where to write (docs without it; a part of the cases goes to
                   a folder of the system's for what is temporary)
  --resume         go on with what DIR/evals.jsonl has of the same commit

  --compare A B    no lab: reasons over stored evidence with both, and tells
                   where they differ. Each is Recorded (what was stored with the
                   evidence), Causal, or Claude:MODEL[:BASE-URL]. Evidence is
                   stored where the diagnoses were right: a selected set
  --bundles DIR    recordings to compare on (those of the tests without it)

  --judge FILE     no lab: judges the sessions of an evals.jsonl once more, and
                   prints the page

  --help           this

Exit codes: 0 done, 1 labs broke or nothing was measured, 2 wrong arguments.`;

const options = {
  engine: { type: 'string', multiple: true },
  fault: { type: 'string', multiple: true },
  set: { type: 'string', default: 'all' },
  form: { type: 'string', default: 'both' },
  labs: { type: 'string', default: String(usualLabs) },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  resume: { type: 'boolean', default: false },
  compare: { type: 'boolean', default: false },
  judge: { type: 'string' },
  bundles: { type: 'string', default: recordingsFolder },
} as const;

/** @throws UsageError */
export function readOptions(argv: readonly string[]): Order {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: 'Help' };
  if (values.judge !== undefined) return { kind: 'Judge', file: values.judge };
  if (values.compare) return { kind: 'Compare', sides: pairOf(positionals), bundles: values.bundles };
  if (positionals.length > 0) throw new UsageError(`nothing is known of ${positionals.join(' ')}`);
  const { engine, fault, set, form, labs, resume } = values;
  const isPart = fault !== undefined || set !== 'all' || form !== 'both';
  return {
    kind: 'Live',
    ...(engine === undefined
      ? {}
      : { engines: engine.map((one) => oneOf(['Causal', 'Claude', 'Both'], one, '--engine')) }),
    ...(fault === undefined ? {} : { faults: fault }),
    set: oneOf(sets, set, '--set'),
    forms: form === 'both' ? forms : [oneOf(forms, form, '--form')],
    labs: labsOf(labs),
    // What is published is of all cases.
    out: values.out ?? (isPart ? join(tmpdir(), 'threehops-evals') : 'docs'),
    resume,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function pairOf([first, second, ...more]: readonly string[]): readonly [string, string] {
  if (first === undefined || second === undefined || more.length > 0) throw new UsageError('--compare takes two sides');
  return [first, second];
}

function labsOf(given: string): number {
  const labs = Number(given);
  if (!Number.isInteger(labs) || labs < 1) throw new UsageError(`--labs is a whole number from 1, not ${given}`);
  return labs;
}

function oneOf<T extends string>(known: readonly T[], given: string, option: string): T {
  const found = known.find((one) => one === given);
  if (found === undefined) throw new UsageError(`${option} is one of ${known.join(', ')}, not ${given}`);
  return found;
}
