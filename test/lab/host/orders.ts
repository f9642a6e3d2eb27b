import { faultFromFile, faultNamed } from '../faults/catalogue.ts';
import type { Fault } from '../faults/fault.ts';
import type { Engine } from './session.ts';

export type Mode = 'Diagnose' | 'Propose' | 'Fix';

/** What the front-end asks of the host, as JSON in its one argument. */
export interface Orders {
  /** A fault of the catalogue, or the file of one. */
  readonly fault: { readonly name: string } | { readonly file: string };
  readonly mode?: Mode;
  /** Causal without it; the others ask the model that the environment names. */
  readonly engine?: Engine;
  /** Leave the lab up after the run. */
  readonly keep: boolean;
  /** Every service, queue, table and file under other names. */
  readonly renamed: boolean;
  readonly decoys: boolean;
  /** An alert opens the session. */
  readonly fromAlert: boolean;
}

export function faultOf({ fault }: Orders): Promise<Fault> {
  return 'file' in fault ? faultFromFile(fault.file) : Promise.resolve().then(() => faultNamed(fault.name));
}
