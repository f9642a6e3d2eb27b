import { parseArgs } from 'node:util';

export interface OperatorArguments {
  readonly config: string;
  /** In a cluster the ServiceAccount's own credentials serve when absent. */
  readonly kubeconfig?: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** @throws TypeError (node:util) for unknown or missing arguments. */
export function readArguments(argv: readonly string[]): OperatorArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { config: { type: 'string' }, kubeconfig: { type: 'string' }, 'log-level': { type: 'string' } },
  });
  if (values.config === undefined) throw new TypeError('--config FILE is needed');
  const { 'log-level': level, kubeconfig } = values;
  const logLevel = level === 'debug' || level === 'warn' || level === 'error' ? level : 'info';
  return { config: values.config, logLevel, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
}
