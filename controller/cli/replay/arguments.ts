import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export type ReplayCommand = { readonly kind: 'Help' } | ({ readonly kind: 'Replay' } & ReplayOrders);

export interface ReplayOrders {
  /** A path, or `-` for standard input. */
  readonly file: string;
  readonly output: 'json' | 'text';
}

const options = {
  output: { type: 'string', short: 'o', default: 'json' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): ReplayCommand {
  const { values, positionals } = parsed(argv);
  if (values.help) return { kind: 'Help' };
  const [file, ...more] = positionals;
  const { output } = values;
  if (file === undefined) throw new UsageError('which bundle? See threehops replay --help');
  if (more.length > 0) throw new UsageError(`one file at a time, not also ${more.join(', ')}`);
  if (output !== 'json' && output !== 'text') throw new UsageError(`--output wants json or text, not ${output}`);
  return { kind: 'Replay', file, output };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
