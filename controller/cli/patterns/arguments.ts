import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export type PatternsCommand = { readonly kind: 'Help' } | ({ readonly kind: 'Show' } & PatternsOrders);

export interface PatternsOrders {
  /** Where the sessions are read from; `-` is standard input. From the cluster without it. */
  readonly file?: string;
  readonly kubeconfig?: string;
  /** The context's own where absent. */
  readonly namespace?: string;
  readonly allNamespaces: boolean;
  readonly sinceSeconds?: number;
  readonly output: 'Table' | 'Json';
}

const options = {
  namespace: { type: 'string', short: 'n' },
  'all-namespaces': { type: 'boolean', short: 'A', default: false },
  since: { type: 'string' },
  output: { type: 'string', short: 'o' },
  kubeconfig: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const usage = `Usage: threehops patterns [FILE] [options]

Lists what fails most in sessions that have ended: their outcomes and causes,
the remedies that did not help or did not last, what could not be seen, and the
tools that did not answer in time. It only reads. FILE holds what
kubectl get dbg -o json prints, - is standard input; without it the cluster is
asked.

  -n, --namespace NAME   sessions of that namespace (the context's own)
  -A, --all-namespaces   of all
      --since TIME       that have ended in the last so long: 90m, 12h, 30d, 4w
  -o, --output json      all of it, as JSON
      --kubeconfig FILE  kubectl's usual one without it

Tables are as wide as the terminal, else as COLUMNS says, else 80.`;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): PatternsCommand {
  const { values, positionals } = parsed(argv);
  if (values.help) return { kind: 'Help' };
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one file at a time, not also ${more.join(', ')}`);
  const { namespace, since, output, kubeconfig, 'all-namespaces': allNamespaces } = values;
  if (output !== undefined && output !== 'json') throw new UsageError(`--output is json or absent, not ${output}`);
  if (allNamespaces && namespace !== undefined) throw new UsageError('either --namespace or --all-namespaces');
  return {
    kind: 'Show',
    allNamespaces,
    output: output === 'json' ? 'Json' : 'Table',
    ...(file === undefined ? {} : { file }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(since === undefined ? {} : { sinceSeconds: secondsIn(since) }),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

function secondsIn(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (digits === '') throw new UsageError(`--since wants a time such as 12h or 30d, not ${text}`);
  return Number(digits) * seconds[unit as keyof typeof seconds];
}
