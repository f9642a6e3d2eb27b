import { toolServerResource } from '../api/generated/tool-server.ts';
import type { ToolServer } from '../api/kinds.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import type { Clock } from '../kube/clock.ts';
import type { KubeClient } from '../kube/client.ts';
import { Controller, type Reconcile } from '../kube/controller.ts';
import type { Informer } from '../kube/informer.ts';
import { keyText, requestFor } from '../kube/object.ts';
import type { Log, Metrics } from '../kube/observe.ts';
import type { Resource } from '../kube/resource.ts';
import { noCredentials } from '../mcp/credentials.ts';
import { ToolError } from '../mcp/errors.ts';
import { StartRefused } from '../mcp/foreign-server.ts';
import type { ToolPool } from '../mcp/pool.ts';
import { SecretError, SecretUnreadable } from '../mcp/secret-errors.ts';
import type { SecretCredentials } from '../mcp/secrets.ts';
import { redactHead } from '../redaction/redact.ts';
import { toolServerStatus, type Look } from './tool-server-status.ts';
import { foreignServerOf } from './tool-servers.ts';

export const toolServers: Resource<ToolServer> = toolServerResource;

export interface ToolServerControllerOptions {
  readonly client: KubeClient;
  readonly informer: Informer<ToolServer>;
  readonly pool: Pick<ToolPool, 'get' | 'forget'>;
  readonly secrets: Pick<SecretCredentials, 'read'>;
  /** Between two looks at a server. */
  readonly checkMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Longer than the longest call. */
const timeoutMs = 300_000;

/** Looks at each ToolServer now and then, and tells its health, its tools and whether they are still the pinned ones. */
export function toolServerController(options: ToolServerControllerOptions): Controller {
  const { client, informer, checkMs, clock, log, metrics } = options;
  const api = client.resource(toolServers);
  const reconcile: Reconcile = async (request, signal) => {
    const server = informer.store.get(request);
    if (server === undefined) {
      options.pool.forget(keyText(request));
      return {};
    }
    const look = await lookAt(server, options, signal);
    signal.throwIfAborted();
    const status = toolServerStatus(server, look, clock.now());
    if (canonicalJson(status) !== canonicalJson(server.status ?? null))
      await api.replaceStatus({ ...server, status }, signal);
    return { requeueAfterMs: checkMs };
  };
  const controller = new Controller({ name: 'toolserver', reconcile, clock, workers: 4, timeoutMs, log, metrics });
  const looked = new Map<string, number>();
  informer.onChange(({ type, object }) => {
    const { uid, generation } = object.metadata;
    if (type === 'deleted') looked.delete(uid);
    // Our own writes of the status are no reason to look again.
    else if (looked.get(uid) === generation) return;
    else looked.set(uid, generation);
    controller.queue.add(requestFor(object));
  });
  return controller;
}

async function lookAt(
  resource: ToolServer,
  { pool, secrets }: ToolServerControllerOptions,
  signal: AbortSignal,
): Promise<Look> {
  const { metadata, spec } = resource;
  const server = foreignServerOf(resource);
  try {
    const secret = spec.credentials?.secretRef.name;
    const credentials =
      secret === undefined
        ? noCredentials
        : await secrets.read(metadata.namespace, secret, signal, 'spec.credentials.secretRef');
    pool.forget(server.id, { version: server.version, digest: credentials.digest });
    const client = await pool.get(server, credentials, 'Read', signal);
    await client.relist(signal);
    return { digests: client.digests, changed: client.changed };
  } catch (error) {
    signal.throwIfAborted();
    // A Secret that is gone, or not for us any more, is not used any more either; no answer of the API server says neither.
    if (error instanceof SecretError && !(error instanceof SecretUnreadable)) pool.forget(server.id);
    return { readiness: readinessOf(error) };
  }
}

function readinessOf(error: unknown): Extract<Look, { readonly readiness: unknown }>['readiness'] {
  if (!(error instanceof SecretError || error instanceof ToolError)) throw error;
  const message = redactHead(error.message, 2000);
  if (error instanceof SecretError) return { state: 'Stalled', reason: 'CredentialsUnusable', message };
  if (StartRefused.isCauseOf(error)) return { state: 'Stalled', reason: 'NotStarted', message };
  return { state: 'Reconciling', reason: 'Unreachable', message };
}
