import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UsageError } from '../../controller/cli/usage-error.ts';

/**
 * One folder, and flags.
 * @throws UsageError
 */
export function readArguments<Flag extends string>(
  argv: readonly string[],
  flags: readonly Flag[],
): { readonly folder: string; readonly flags: ReadonlySet<Flag> } {
  const { values, positionals } = parsed(argv, flags);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError('one folder is needed');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`there is no folder ${folder}`);
  }
  return { folder, flags: new Set(flags.filter((flag) => values[flag] === true)) };
}

function parsed(argv: readonly string[], flags: readonly string[]) {
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' } as const]));
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
