import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export interface Options {
  readonly json: boolean;
  readonly alerts: number;
  readonly neighbourhoods: number;
  /** From the first alert to the last. */
  readonly seconds: number;
  readonly seed: number;
}

export const usage =
  '  alerts [--json] [--alerts 10000] [--neighbourhoods 50] [--seconds 120] [--seed 1]   a storm, and an operator that is killed in it';

/** @throws UsageError. */
export function readOptions(argv: readonly string[]): Options {
  const { json, ...numbers } = parsed(argv);
  return {
    json,
    alerts: count('--alerts', numbers.alerts),
    neighbourhoods: count('--neighbourhoods', numbers.neighbourhoods),
    seconds: count('--seconds', numbers.seconds),
    seed: count('--seed', numbers.seed),
  };
}

function parsed(argv: readonly string[]) {
  const text = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
  const options = {
    json: { type: 'boolean', default: false },
    alerts: text('10000'),
    neighbourhoods: text('50'),
    seconds: text('120'),
    seed: text('1'),
  } as const;
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
