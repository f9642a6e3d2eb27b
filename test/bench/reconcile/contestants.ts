import { fileURLToPath } from 'node:url';
import type { Program } from './contestant.ts';
import { scenarioFile } from './scenario.ts';
import type { Name } from './summary.ts';
import { sessionsPath } from './world.ts';

/** Reconciles at once in both operators, and PUTs at once in the bare client. */
export const concurrency = 10;

export interface Place {
  readonly kubeconfigPath: string;
  /** The reference operator's program. */
  readonly reference: string;
  /** Where the statuses are that the bare client writes. */
  readonly statusesFile: string;
}

/** How each is started for that many sessions. */
export function programOf(name: Name, sessions: number, place: Place): Program {
  const { kubeconfigPath, reference, statusesFile } = place;
  const common = ['--kubeconfig', kubeconfigPath, '--sessions', String(sessions)];
  const script = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  switch (name) {
    case 'operator':
      return { command: process.execPath, args: [script('operator.ts'), ...common] };
    case 'reference':
      return { command: reference, args: [...common, '--scenario', scenarioFile] };
    case 'bare': {
      const what = ['--collection', sessionsPath, '--statuses', statusesFile, '--concurrency', String(concurrency)];
      return { command: process.execPath, args: [script('bare-client.ts'), '--kubeconfig', kubeconfigPath, ...what] };
    }
    default: {
      const never: never = name;
      throw new TypeError(`there is no contestant ${String(never)}`);
    }
  }
}
