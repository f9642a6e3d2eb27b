import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { answersOk } from './answers-ok.ts';
import { debianProgram } from './debian.ts';
import type { PartOptions } from './part.ts';
import { freePort } from './process.ts';
import { startService } from './service.ts';
import { withSharedFiles } from './with-shared-files.ts';

export interface AlertmanagerPartOptions extends PartOptions {
  /** Alerts that are alike in these labels are told of together. */
  readonly groupBy: readonly string[];
}

/** Who is told, over TLS. */
export interface Webhook {
  readonly url: string;
  /** Of the authority that vouches for it. */
  readonly caFile: string;
  /** Holds the bearer token; read anew for each request. */
  readonly tokenFile: string;
}

export interface Alertmanager {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly logFile: string;
  /** Tells this webhook from now on, at first of all that fires already; until then nobody is told. */
  tell(webhook: Webhook): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an Alertmanager, alone and with seconds where a real one takes minutes: the one on PATH, else Debian's, unpacked into the cache. */
export async function startAlertmanager(options: AlertmanagerPartOptions): Promise<Alertmanager> {
  const { dataDir, signal, progress, groupBy } = options;
  const binary = await debianProgram('prometheus-alertmanager', { signal, progress });
  const { command, args, env } = await withSharedFiles(binary, 'prometheus', { signal, progress });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const config = join(dataDir, 'alertmanager.yaml');
  const configure = (webhook?: Webhook): void => writeFileSync(config, dump(configOf(groupBy, webhook)));
  mkdirSync(dataDir, { recursive: true });
  configure();
  const service = await startService({
    name: 'alertmanager',
    command,
    args: [
      ...args,
      `--config.file=${config}`,
      `--storage.path=${join(dataDir, 'storage')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    env,
    dataDir,
    signal,
    ready: () => answersOk(`${url}/-/ready`),
  });
  return {
    url,
    logFile: service.logFile,
    async tell(webhook) {
      configure(webhook);
      await reload(url, signal);
    },
    stop: () => service.stop(),
  };
}

async function reload(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/-/reload`, { method: 'POST', signal });
  const said = await response.text();
  if (!response.ok) throw new Error(`Alertmanager does not take its configuration: ${said.trim()}`);
}

function configOf(groupBy: readonly string[], webhook?: Webhook): object {
  const receiver = 'webhook';
  return {
    route: {
      receiver,
      group_by: groupBy,
      group_wait: '1s',
      group_interval: '2s',
      repeat_interval: '10s',
    },
    receivers: [{ name: receiver, webhook_configs: webhook === undefined ? [] : [webhookConfig(webhook)] }],
  };
}

function webhookConfig({ url, caFile, tokenFile }: Webhook): object {
  return {
    url,
    send_resolved: true,
    http_config: {
      authorization: { type: 'Bearer', credentials_file: tokenFile },
      tls_config: { ca_file: caFile },
    },
  };
}
