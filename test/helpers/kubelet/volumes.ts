import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient } from '../../../controller/kube/client.ts';
import { NotFound } from '../../../controller/kube/errors.ts';
import type { KubeObject } from '../../../controller/kube/object.ts';
import { resource } from '../../../controller/kube/resource.ts';
import type { Container, Pod, Variable, Volume } from './pod-spec.ts';
import { expand } from './run-container.ts';

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const secrets = resource<Secret>('', 'v1', 'secrets', 'Secret');

/** A folder for each volume of the Pod, the Pod's user's; projected Secrets are waited for, as a kubelet does. */
export async function foldersOf(
  client: KubeClient,
  { metadata, spec }: Pod,
  parent: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const volume of spec.volumes) {
    const path = join(parent, volume.name);
    mkdirSync(path);
    await fill(client, path, volume, metadata?.namespace ?? '', signal);
    if (process.getuid?.() === 0) chownSync(path, spec.securityContext.runAsUser, spec.securityContext.runAsUser);
    folders.set(volume.name, path);
  }
  chmodSync(parent, 0o711);
  return folders;
}

async function fill(
  client: KubeClient,
  path: string,
  { projected }: Volume,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { secret } of projected?.sources ?? []) {
    const { data = {} } = await secretOf(client, namespace, secret.name, signal);
    for (const item of secret.items) {
      const mode = projected?.defaultMode ?? 0o644;
      writeFileSync(join(path, item.path), Buffer.from(data[item.key] ?? '', 'base64'), { mode });
    }
  }
}

/** A container's variables, those of Secrets too. */
export async function variablesOf(
  client: KubeClient,
  namespace: string,
  { env = [] }: Container,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const valueOf = async ({ value = '', valueFrom }: Variable): Promise<string> => {
    if (valueFrom === undefined) return expand(value, {});
    const { name, key } = valueFrom.secretKeyRef;
    const { data = {} } = await secretOf(client, namespace, name, signal);
    return Buffer.from(data[key] ?? '', 'base64').toString();
  };
  return Object.fromEntries(await Promise.all(env.map(async (one) => [one.name, await valueOf(one)] as const)));
}

async function secretOf(client: KubeClient, namespace: string, name: string, signal: AbortSignal): Promise<Secret> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await client.resource(secrets).get({ namespace, name }, signal);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
