import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export interface Options {
  readonly json: boolean;
  readonly sessions: number;
  readonly rounds: number;
}

export const usage =
  '  reconcile [--json] [--sessions 500] [--rounds 5]   status writes of sessions, beside a Go operator';

/** @throws UsageError. */
export function readOptions(argv: readonly string[]): Options {
  const { json, sessions, rounds } = parsed(argv);
  return { json, sessions: count('--sessions', sessions), rounds: count('--rounds', rounds) };
}

function parsed(argv: readonly string[]) {
  const text = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
  const options = { json: { type: 'boolean', default: false }, sessions: text('500'), rounds: text('5') } as const;
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'the options cannot be read', { cause });
  }
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`${name} is a number from 1`);
  return number;
}
