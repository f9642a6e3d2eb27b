/**
 * The lab's host: runs one fault as the front-end orders, tells what happens as JSON lines on standard output, and ends everything when
 * standard input closes, which it does however the front-end ends.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { otherNames, plainNames } from '../world/names.ts';
import { present } from '../../../skills/lib/reading.ts';
import { keepUntilAsked } from './kept.ts';
import { modelIn, type LabModel } from './model.ts';
import type { OpenLab } from './open-lab.ts';
import { faultOf, type Orders } from './orders.ts';
import type { RunEvent } from './run-events.ts';
import { runFault } from './run-fault.ts';
import type { Engine } from './session.ts';

const end = new AbortController();
let kept = false;

function tell(event: RunEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

// A front-end that is gone reads nothing more.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort());
process.stdin.resume();
process.stdin.once('close', () => {
  if (!kept) end.abort();
});

async function keep(open: OpenLab): Promise<void> {
  const folder = join(open.dataDir, 'host');
  mkdirSync(folder, { mode: 0o700 });
  const { controlPlane } = open.platform;
  await controlPlane.kubectl(['config', 'set-context', '--current', '--namespace', open.namespace]);
  const asked = keepUntilAsked(folder, open.signal);
  kept = true;
  tell({ kind: 'Kept', lines: linesFor(open) });
  await asked;
}

function linesFor({ platform, lab, dataDir }: OpenLab): readonly string[] {
  const { controlPlane, kubeconfigs } = platform;
  return [
    `export KUBECONFIG=${controlPlane.kubeconfigPath} PATH=${dirname(controlPlane.kubectlPath)}:$PATH`,
    'kubectl get topo,dbg,appr',
    `the session's author: KUBECONFIG=${kubeconfigs.author}`,
    `an approver:          KUBECONFIG=${kubeconfigs.approver}`,
    `users come in at      ${lab.url('gateway')}`,
    `the forge is at       ${lab.forge.url}`,
    ...monitoringLines(lab),
    `logs and data are in  ${dataDir}`,
  ];
}

function monitoringLines({ monitoring }: OpenLab['lab']): readonly string[] {
  if (monitoring?.alertmanager === undefined) return [];
  return [`Prometheus is at      ${monitoring.prometheus.url}`, `Alertmanager is at    ${monitoring.alertmanager.url}`];
}

/** @throws where the engine needs one and the environment names none */
function modelFor(engine: Engine = 'Causal'): LabModel | undefined {
  if (engine === 'Causal') return undefined;
  const model = modelIn(process.env);
  if (typeof model === 'string') throw new Error(model);
  return model;
}

// Its parent is the front-end, which wrote it.
const orders = JSON.parse(process.argv[2] ?? '{}') as Orders;
try {
  const { mode, engine } = orders;
  await runFault(await faultOf(orders), {
    signal: end.signal,
    tell,
    names: orders.renamed ? otherNames : plainNames,
    decoys: orders.decoys,
    fromAlert: orders.fromAlert,
    ...present({ mode, engine, model: modelFor(engine) }),
    ...(orders.keep ? { afterwards: keep } : {}),
  });
} catch (error) {
  if (!end.signal.aborted) {
    const message = error instanceof Error ? error.message : String(error);
    tell({ kind: 'Failed', message });
    process.exitCode = 1;
  }
}
// Whatever still holds the event loop must not keep a host that has ended.
process.stdout.write('', () => process.exit());
