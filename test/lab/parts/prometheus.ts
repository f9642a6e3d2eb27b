import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { answersOk } from './answers-ok.ts';
import { debianProgram } from './debian.ts';
import type { PartOptions } from './part.ts';
import { freePort } from './process.ts';
import { startService } from './service.ts';

export interface PrometheusPartOptions extends PartOptions {
  readonly scrapes: readonly Scrape[];
  readonly rules?: readonly AlertRule[];
  /** Base URL of the Alertmanager that is told what fires. */
  readonly alertmanager?: string;
}

/** One target under a job's name, scraped each second. */
export interface Scrape {
  readonly job: string;
  /** `http://HOST:PORT`. */
  readonly url: string;
  /** `/metrics` without it. Of `/federate` the labels are kept as they come, as is usual. */
  readonly path?: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** A duration such as `2s`, for which the expression must hold. */
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** What a person is told; may name values as Prometheus' templates do. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Prometheus {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Starts a Prometheus that looks each second: the one on PATH, else Debian's, unpacked into the cache. */
export async function startPrometheus(options: PrometheusPartOptions): Promise<Prometheus> {
  const { dataDir, signal, progress } = options;
  const binary = await debianProgram('prometheus', { signal, progress });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const service = await startService({
    name: 'prometheus',
    command: binary.path,
    args: [
      `--config.file=${configure(options)}`,
      `--storage.tsdb.path=${join(dataDir, 'tsdb')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    env: { ...process.env, ...binary.env },
    dataDir,
    signal,
    ready: () => answersOk(`${url}/-/ready`),
  });
  return { url, logFile: service.logFile, stop: () => service.stop() };
}

/** Writes the configuration and answers its path. */
function configure({ dataDir, scrapes, rules = [], alertmanager }: PrometheusPartOptions): string {
  mkdirSync(dataDir, { recursive: true });
  const files = { config: join(dataDir, 'prometheus.yaml'), rules: join(dataDir, 'rules.yaml') };
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [files.rules],
    ...(alertmanager === undefined ? {} : { alerting: { alertmanagers: [fixedTargets(alertmanager)] } }),
    scrape_configs: scrapes.map(({ job, url, path = '/metrics' }) => ({
      job_name: job,
      metrics_path: path,
      honor_labels: path === '/federate',
      ...fixedTargets(url),
    })),
  };
  writeFileSync(files.rules, dump({ groups: [{ name: 'lab', rules }] }));
  writeFileSync(files.config, dump(config));
  return files.config;
}

function fixedTargets(url: string): object {
  return { static_configs: [{ targets: [new URL(url).host] }] };
}
