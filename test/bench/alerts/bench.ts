import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeClient } from '../../../controller/kube/client.ts';
import { loadKubeConfig } from '../../../controller/kube/kube-config.ts';
import { debugSessions } from '../../../controller/session/stores/session-store.ts';
import { openAuthority } from '../../lab/cluster/authority.ts';
import { startControlPlane, type ControlPlane } from '../../lab/cluster/control-plane.ts';
import { layout } from '../../lab/cluster/layout.ts';
import { memoryFolder } from '../../lab/cluster/memory-folder.ts';
import { etcdVersion, kubernetesVersion } from '../../lab/cluster/versions.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';
import { freePort } from '../../lab/parts/process.ts';
import { seeded } from '../../helpers/random.ts';
import { machine } from '../machine.ts';
import { AlertmanagerDouble, type Codes, type Target } from './alertmanager.ts';
import { fleetOf, namespaces, type Service } from './fleet.ts';
import { OperatorProcess } from './operator-process.ts';
import { readOptions, usage, type Options } from './options.ts';
import { scoreOf, type Score } from './score.ts';
import { bindingsFor, createMaps, installProduct, tokenOfSender } from './setup.ts';
import { asText } from './show.ts';
import { stormOf, type StormAlert } from './storm.ts';

export { usage };

/** What the Deployment of the base has as its limit, less a fifth. */
export const mostMiB = 400;
/** When the operator is killed, as a share of the storm. */
const killsAt = [0.35, 0.65];
const tickMs = 50;

export interface Result extends Score {
  readonly about: readonly string[];
  readonly alerts: number;
  readonly unmatched: number;
  readonly services: number;
  readonly neighbourhoods: number;
  /** From the first alert until Alertmanager had an answer for all. */
  readonly seconds: number;
  readonly codes: Codes;
  /** How often the operator was killed, and how often it ended by itself. */
  readonly kills: number;
  readonly ends: number;
  readonly peakMiB: number;
}

/** Alerts are lost, wrongly grouped, or took too much memory. */
export class StormNotWeathered extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StormNotWeathered';
  }
}

const progress = (line: string): void => console.error(line);

/** @throws StormNotWeathered, after it has printed the figures to standard error. */
export async function alertsBench(argv: readonly string[], signal: AbortSignal): Promise<string> {
  const options = readOptions(argv);
  const result = await storm(options, progress, signal);
  const wrong = wrongIn(result);
  const shown = options.json ? JSON.stringify(result) : asText(result);
  if (wrong.length === 0) return shown;
  progress(shown);
  throw new StormNotWeathered(wrong.join('; '));
}

export function wrongIn({ lost, stale, codes, peakMiB, precision, recall }: Result): readonly string[] {
  const dropped = Object.entries(codes).filter(([code]) => code.startsWith('4'));
  return [
    ...(lost > 0 ? [`${lost} alerts are in no session`] : []),
    ...(stale > 0 ? [`${stale} alerts that have resolved are noted as firing`] : []),
    ...dropped.map(([code, count]) => `${count} webhooks were answered ${code}`),
    ...(precision < 0.99 || recall < 0.99 ? ['the alerts are wrongly grouped'] : []),
    ...(peakMiB > mostMiB ? [`the operator took ${peakMiB.toFixed(0)} MiB, more than ${mostMiB}`] : []),
  ];
}

/** One storm on a control plane of its own. */
export async function storm(options: Options, say: (line: string) => void, signal: AbortSignal): Promise<Result> {
  const about = await machine(signal, [`kube-apiserver ${kubernetesVersion}`, `etcd ${etcdVersion}`]);
  const dataDir = memoryFolder('storm');
  const site = createServer((_, response) => void response.writeHead(500).end());
  const page = `http://127.0.0.1:${await listen(site)}`;
  const controlPlane = await startControlPlane({ dataDir, signal, progress: say });
  const client = new KubeClient(await loadKubeConfig(controlPlane.kubeconfigPath));
  try {
    const services = fleetOf(options.neighbourhoods);
    await installProduct(controlPlane);
    await controlPlane.apply(bindingsFor(namespaces));
    await createMaps(client, services, page, signal);
    const run = await weather(options, { controlPlane, client, services, say }, signal);
    return { about, services: services.length, neighbourhoods: options.neighbourhoods, ...run };
  } finally {
    await client.close();
    await controlPlane.stop();
    await closeServer(site);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Place {
  readonly controlPlane: ControlPlane;
  readonly client: KubeClient;
  readonly services: readonly Service[];
  readonly say: (line: string) => void;
}

async function weather(
  options: Options,
  place: Place,
  signal: AbortSignal,
): Promise<Omit<Result, 'about' | 'services' | 'neighbourhoods'>> {
  const random = seeded(options.seed);
  const alerts = stormOf(place.services, options.alerts, options.seconds, random);
  const { operator, target } = await prepare(place);
  try {
    await operator.start();
    await untilItAnswers(target, signal);
    place.say(`the storm begins: ${alerts.length} alerts in ${options.seconds} s`);
    const beganMs = Date.now();
    const began = performance.now();
    const alertmanager = new AlertmanagerDouble(target, intervalMs(options), beganMs, random);
    await Promise.all([
      release(alerts, alertmanager, signal),
      killAndStart(operator, options.seconds * 1000, place.say, signal),
    ]);
    await alertmanager.end();
    const seconds = (performance.now() - began) / 1000;
    const expected = alerts.flatMap(({ fingerprint, atMs, neighbourhood }) => {
      if (neighbourhood === undefined) return [];
      const startsAt = new Date(beganMs + atMs).toISOString();
      return [{ fingerprint, startsAt, neighbourhood, isResolved: alertmanager.resolved.has(fingerprint) }];
    });
    const { items } = await place.client.resource(debugSessions).list({}, signal);
    const score = scoreOf(expected, items);
    const { codes } = alertmanager;
    const unmatched = alerts.length - expected.length;
    const { kills, ends, peakMiB } = operator;
    return { ...score, alerts: alerts.length, unmatched, seconds, codes, kills, ends, peakMiB };
  } finally {
    await operator.stop();
  }
}

async function prepare({ controlPlane, say }: Place): Promise<{ operator: OperatorProcess; target: Target }> {
  const { dataDir } = controlPlane;
  const authority = await openAuthority(layout(dataDir).pki);
  const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
  const files = {
    certFile: join(dataDir, 'api.crt'),
    keyFile: join(dataDir, 'api.key'),
    config: join(dataDir, 'config.json'),
  };
  writeFileSync(files.certFile, certPem);
  writeFileSync(files.keyFile, keyPem, { mode: 0o600 });
  const port = await freePort();
  const config = {
    allow: { cidrs: ['127.0.0.0/8'] },
    apiAddress: `127.0.0.1:${port}`,
    apiTls: { certFile: files.certFile, keyFile: files.keyFile },
    metricsAddress: '127.0.0.1:0',
  };
  writeFileSync(files.config, JSON.stringify(config));
  const kubeconfig = await controlPlane.serviceAccountKubeconfig('threehops-system', 'threehops');
  const operator = new OperatorProcess(
    ['--config', files.config, '--kubeconfig', kubeconfig],
    join(dataDir, 'operator.log'),
    say,
  );
  const token = await tokenOfSender(controlPlane);
  return { operator, target: { url: `https://127.0.0.1:${port}/api/v1/alerts`, token, ca: authority.certPem } };
}

/** A group is told of some fifteen times. */
function intervalMs({ seconds }: Options): number {
  return Math.max(1000, (seconds * 1000) / 15);
}

/** Until it does not answer 503: the caches are there. */
async function untilItAnswers(target: Target, signal: AbortSignal): Promise<void> {
  const probe = new AlertmanagerDouble(target, 1000, Date.now(), Math.random);
  const nobody: StormAlert = {
    fingerprint: 'f',
    labels: {},
    annotations: {},
    neighbourhood: undefined,
    atMs: 0,
    resolvedMs: undefined,
    groups: ['{}:{}'],
  };
  probe.tell(nobody, 'firing', signal);
  await probe.end();
}

/** Each alert at its time, and its end at its own. */
async function release(
  alerts: readonly StormAlert[],
  alertmanager: AlertmanagerDouble,
  signal: AbortSignal,
): Promise<void> {
  const last = Math.max(...alerts.map(({ atMs }) => atMs));
  const events = alerts
    .flatMap((alert) => [
      { ms: alert.atMs, alert, status: 'firing' as const },
      ...(alert.resolvedMs === undefined
        ? []
        : [{ ms: Math.min(alert.resolvedMs, last), alert, status: 'resolved' as const }]),
    ])
    .toSorted((a, b) => a.ms - b.ms);
  const began = performance.now();
  for (const { ms, alert, status } of events) {
    while (performance.now() - began < ms) await delay(tickMs, undefined, { signal });
    alertmanager.tell(alert, status, signal);
  }
}

async function killAndStart(
  operator: OperatorProcess,
  stormMs: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  for (const share of killsAt) {
    await delay(Math.max(0, share * stormMs - (performance.now() - began)), undefined, { signal });
    say('the operator is killed');
    await operator.kill();
    await operator.start();
  }
}
