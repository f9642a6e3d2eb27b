import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export type ValidateCommand = { readonly kind: 'Help' } | ({ readonly kind: 'Validate' } & ValidateOrders);

export interface ValidateOrders {
  /** Folders, files, or `-` for standard input. */
  readonly paths: readonly string[];
  /** Of objects that name none. */
  readonly namespace: string;
  readonly strict: boolean;
  readonly output: 'text' | 'json' | 'github';
}

const options = {
  namespace: { type: 'string', short: 'n', default: 'default' },
  strict: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o', default: 'text' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): ValidateCommand {
  const { values, positionals } = parsed(argv);
  if (values.help) return { kind: 'Help' };
  const { namespace, strict, output } = values;
  if (output !== 'text' && output !== 'json' && output !== 'github') {
    throw new UsageError(`--output wants text, json or github, not ${output}`);
  }
  const paths = positionals.length === 0 ? ['.'] : [...new Set(positionals)];
  return { kind: 'Validate', paths, namespace, strict, output };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
