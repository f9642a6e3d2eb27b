import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UsageError } from '../../controller/cli/usage-error.ts';

export interface Arguments<Flag extends string, Count extends string> {
  readonly folder: string;
  /** One at most: they exclude each other. */
  readonly flag: Flag | undefined;
  /** Those that are given. */
  readonly counts: Readonly<Partial<Record<Count, number>>>;
}

/**
 * One folder, one of the flags at most, and whole numbers from 1.
 * @throws UsageError
 */
export function readArguments<Flag extends string, Count extends string = never>(
  argv: readonly string[],
  flags: readonly Flag[],
  counts: readonly Count[] = [],
): Arguments<Flag, Count> {
  const { values, positionals } = parsed(argv, flags, counts);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError('one folder is needed');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`there is no folder ${folder}`);
  }
  const [flag, ...others] = flags.filter((one) => values[one] === true);
  if (others.length > 0) throw new UsageError(`--${flag} and --${others.join(', --')} exclude each other`);
  const given = counts.filter((one) => values[one] !== undefined);
  const numbers = Object.fromEntries(given.map((one) => [one, countOf(one, String(values[one]))]));
  // Each is one of the counts.
  return { folder, flag, counts: numbers as Partial<Record<Count, number>> };
}

function countOf(name: string, given: string): number {
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`--${name} is a whole number from 1, not ${given}`);
  return count;
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parsed(argv: readonly string[], flags: readonly string[], counts: readonly string[]): Parsed {
  const options = Object.fromEntries([
    ...flags.map((flag) => [flag, { type: 'boolean' }] as const),
    ...counts.map((count) => [count, { type: 'string' }] as const),
  ]);
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
