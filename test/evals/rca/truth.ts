import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataUnusable } from '../data-unusable.ts';
import type { Services } from './read.ts';

export interface Truth {
  readonly service: string;
  /** Its metrics that are the fault's own; empty where nothing tells. */
  readonly metrics: readonly string[];
}

/**
 * By `label.json` ({service, metric}), else by the name of the folder or of the one above it: `<service>_<fault>`, where there is such
 * a service.
 * @throws DataUnusable for a label that is none
 */
export function truthOf(folder: string, services: Services): Truth | undefined {
  const label = join(folder, 'label.json');
  if (existsSync(label)) return fromLabel(label, services);
  for (const name of [basename(folder), basename(dirname(folder))]) {
    const split = name.lastIndexOf('_');
    const service = name.slice(0, Math.max(0, split));
    if (services.has(service)) return { service, metrics: metricsOf(service, name.slice(split + 1), services) };
  }
  return undefined;
}

function fromLabel(path: string, services: Services): Truth {
  try {
    // A label of another form fails on the field that is needed.
    const { service, metric } = JSON.parse(readFileSync(path, 'utf8')) as { service: string; metric?: string };
    if (!services.has(service)) throw new Error(`there is no service ${service}`);
    return { service, metrics: metric === undefined ? [] : metricsOf(service, metric, services) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataUnusable(`${path} is no label {service, metric}: ${why}`, { cause });
  }
}

/** What a fault is called in the data, where its metric has another name. */
const aliases: Readonly<Record<string, string>> = { delay: 'latency' };

/** The service's metrics that begin as the fault is called: of `disk`, `diskio` too. */
function metricsOf(service: string, fault: string, services: Services): readonly string[] {
  const begin = (aliases[fault] ?? fault).toLowerCase();
  return [...(services.get(service)?.keys() ?? [])].filter((metric) => metric.toLowerCase().startsWith(begin));
}
