import { loadConfig } from './config/load.ts';
import { loadKubeConfig } from './kube/kube-config.ts';
import { knownSecrets } from './redaction/known-secrets.ts';
import { redact } from './redaction/redact.ts';
import { readArguments } from './wiring/arguments.ts';
import { makeParts } from './wiring/parts.ts';
import { rememberEnvironment } from './wiring/remember-secrets.ts';
import { runOperator } from './wiring/run-operator.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}

try {
  rememberEnvironment(process.env, knownSecrets);
  const { config: file, kubeconfig, logLevel } = readArguments(process.argv.slice(2));
  const config = await loadConfig(file, stop.signal);
  await runOperator(makeParts(config, await loadKubeConfig(kubeconfig), logLevel), stop.signal);
} catch (error) {
  if (!stop.signal.aborted) {
    process.stderr.write(`threehops: ${redact(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = 1;
  }
}
