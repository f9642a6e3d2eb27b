import { parseArgs } from 'node:util';
import { present } from '../../../skills/lib/reading.ts';
import type { Mode, Orders } from '../host/orders.ts';
import type { Engine } from '../host/session.ts';

export type Command =
  | { readonly kind: 'Run'; readonly orders: Orders; readonly json: boolean }
  | { readonly kind: 'List'; readonly json: boolean }
  | { readonly kind: 'Stop' }
  | { readonly kind: 'Help' };

/** What `npm start` runs when no fault is named. */
export const usualFault = 'three-hops';

export const usage = `Usage: npm start -- [options]

Brings up a lab of real parts on this machine, breaks it, and lets a session of the operator find and mend the fault.

  --list             the faults that can be run
  --fault NAME       the fault to run (${usualFault} without it)
  --from-alert       nobody asks for the session: an alert of the lab's Prometheus opens it, by its Alertmanager
  --fault-file PATH  a fault of your own; see docs/faults.md
  --mode MODE        Diagnose, Propose or Fix (Fix without it)
  --reasoner ENGINE  Causal, Claude or Both (Causal without it); the others ask the model of ANTHROPIC_API_KEY, ANTHROPIC_MODEL and
                     ANTHROPIC_BASE_URL
  --renamed          every service, queue, table and file under another name
  --decoys           with nine healthy nodes more, and an ill one that has nothing to do with it
  --keep             leave everything up afterwards, and say how to use it
  --stop             end what --keep left up
  --json             the result as one JSON object on standard output; progress on standard error
  --help             this text

Exit codes: 0 Fixed, 3 NoFaultFound, 4 Escalated, 5 Diagnosed or Proposed, 6 Inconclusive, 1 anything else.`;

/** The person's words are wrong; the message says what is. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

const options = {
  list: { type: 'boolean', default: false },
  fault: { type: 'string' },
  'fault-file': { type: 'string' },
  'from-alert': { type: 'boolean', default: false },
  mode: { type: 'string' },
  reasoner: { type: 'string' },
  renamed: { type: 'boolean', default: false },
  decoys: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  stop: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): Command {
  const { values } = parse(argv);
  const { json, keep, renamed, decoys, 'from-alert': fromAlert } = values;
  if (values.help) return { kind: 'Help' };
  if (values.list) return { kind: 'List', json };
  if (values.stop) return { kind: 'Stop' };
  const fault = faultOf(values.fault, values['fault-file']);
  const mode = oneOf('--mode', modes, values.mode);
  const engine = oneOf('--reasoner', engines, values.reasoner);
  return { kind: 'Run', json, orders: { fault, keep, renamed, decoys, fromAlert, ...present({ mode, engine }) } };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function faultOf(name: string | undefined, file: string | undefined): Orders['fault'] {
  if (name !== undefined && file !== undefined) throw new UsageError('--fault and --fault-file exclude each other');
  return file === undefined ? { name: name ?? usualFault } : { file };
}

const modes: readonly Mode[] = ['Diagnose', 'Propose', 'Fix'];
const engines: readonly Engine[] = ['Causal', 'Claude', 'Both'];

function oneOf<T extends string>(option: string, known: readonly T[], text: string | undefined): T | undefined {
  const found = known.find((one) => one.toLowerCase() === text?.toLowerCase());
  if (text !== undefined && found === undefined) {
    throw new UsageError(`${option} is one of ${known.join(', ')}, not ${text}`);
  }
  return found;
}
