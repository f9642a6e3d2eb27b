/**
 * A loop of PUTs and nothing else, as a process of its own: what this API server takes from a client that neither caches nor thinks.
 * Writes each session the statuses that the product wrote in a rehearsal, one after another, many sessions at a time. Speaks as
 * `gate.ts` says.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { systemClock } from '../../../controller/kube/clock.ts';
import { Credentials } from '../../../controller/kube/credentials.ts';
import { loadKubeConfig } from '../../../controller/kube/kube-config.ts';
import { gate } from './gate.ts';

interface Session {
  readonly metadata: { readonly name: string; readonly managedFields?: unknown };
}

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { kubeconfig: text, collection: text, statuses: text, concurrency: text } });
const concurrency = Number(values.concurrency);
const statuses = JSON.parse(readFileSync(values.statuses, 'utf8')) as readonly object[];
const { origin, tls } = await new Credentials(await loadKubeConfig(values.kubeconfig), systemClock).access();
const pool = new Pool(origin, { connections: concurrency, pipelining: 1, connect: { ...tls } });
const headers = { 'content-type': 'application/json', accept: 'application/json' };

async function list(): Promise<readonly Session[]> {
  const { body } = await pool.request({ method: 'GET', path: values.collection, headers });
  return ((await body.json()) as { items: Session[] }).items;
}

/** The API server wants to be told the version that it answered last. */
async function put(path: string, body: string): Promise<string> {
  const answer = await pool.request({ method: 'PUT', path, headers, body });
  const stored = await answer.body.text();
  const version = /"resourceVersion":"(\d+)"/.exec(stored)?.[1];
  if (answer.statusCode !== 200 || version === undefined)
    throw new Error(`PUT ${path}: ${answer.statusCode} ${stored}`);
  return version;
}

async function writeAll({ metadata, ...rest }: Session): Promise<void> {
  const { managedFields: _, ...lean } = metadata;
  const path = `${values.collection}/${metadata.name}/status`;
  let own: object = lean;
  for (const status of statuses) {
    const resourceVersion = await put(path, JSON.stringify({ ...rest, metadata: own, status }));
    own = { ...lean, resourceVersion };
  }
}

const { begun, ended, say } = gate();
const sessions = [...(await list())];
say('ready');
await begun;
const worker = async (): Promise<void> => {
  for (let next = sessions.pop(); next !== undefined && !ended.aborted; next = sessions.pop()) await writeAll(next);
};
await Promise.all(Array.from({ length: concurrency }, worker));
say('done');
await pool.close();
