import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { memoryFolder } from '../cluster/memory-folder.ts';
import type { Fault, Preparation } from '../faults/fault.ts';
import { present } from '../../../skills/lib/reading.ts';
import { debianProgram, type DebianBinary } from '../parts/debian.ts';
import { startDecoys, type Decoys } from '../world/decoys.ts';
import { labOf, type Lab } from '../world/lab.ts';
import type { AlertOrders } from '../world/map-alerts.ts';
import { plainNames, type WorldNames } from '../world/names.ts';
import { topologiesOf } from '../world/topologies.ts';
import { mapWithoutSkill } from '../world/map-without-skill.ts';
import { startWorld, type OnOutsideWrite, type World } from '../world/world.ts';
import { freeAddresses, operatorConfig, type OperatorAddresses } from './operator-config.ts';
import { modelSecret, type LabModel } from './model.ts';
import { apiAt, identify, type ApiIdentity, type OperatorApi } from './operator-api.ts';
import { createOperator, type Operator } from './operator.ts';
import { startPlatform, systemNamespace, yaml, type Platform } from './platform.ts';
import { step, type OnRunEvent } from './run-events.ts';
import { kubernetesCredentials, mapCredentials, secretsOf } from './secrets.ts';

export interface LabOptions {
  readonly signal: AbortSignal;
  readonly tell: OnRunEvent;
  readonly names?: WorldNames;
  /** Healthy nodes that have nothing to do with it, and one ill one elsewhere. */
  readonly decoys?: boolean;
  /** What sessions may ask. */
  readonly model?: LabModel;
  /** A skill that the maps do not know. */
  readonly without?: string;
  /** One that is running already, for several faults one after the other; then `namespace` must be new. */
  readonly platform?: Platform;
  readonly namespace?: string;
  /** What an alert of the lab's Alertmanager opens, once that is told whom to tell; without it there are no such alerts. */
  readonly alerts?: AlertOrders;
  /** Told of each outside write that reaches the lab; see WorldOptions. */
  readonly onWrite?: OnOutsideWrite;
}

/** The whole lab: a control plane with the operator, and the world that it works on. */
export interface OpenLab {
  readonly lab: Lab;
  readonly platform: Platform;
  readonly operator: Operator;
  readonly api: OperatorApi;
  readonly namespace: string;
  readonly names: WorldNames;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** Ends every process. A control plane that was given stays. */
  close(): Promise<void>;
}

/** What is being opened: `closers` grow as parts start, so that a failure half-way ends what there is. */
interface Opening extends LabOptions {
  readonly names: WorldNames;
  readonly namespace: string;
  readonly dataDir: string;
  readonly closers: (() => Promise<void>)[];
  readonly identity?: ApiIdentity;
}

interface Started {
  readonly platform: Platform;
  readonly world: World;
  readonly preparation: Preparation;
  readonly decoys: Decoys | undefined;
  readonly bubblewrap: DebianBinary | undefined;
}

/** Brings everything up as the fault wants it, installs the operator and breaks the world meanwhile. */
export async function openLab(fault: Fault, options: LabOptions): Promise<OpenLab> {
  const { names = plainNames, namespace = 'shop' } = options;
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const dataDir = memoryFolder('lab');
  chmodSync(dataDir, 0o755);
  const closers: Opening['closers'] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
    end.abort();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const identity = options.alerts && (await identify(join(dataDir, 'operator-api')));
    const opening: Opening = { ...options, ...present({ identity }), names, namespace, signal, dataDir, closers };
    const started = await startParts(opening, fault);
    const addresses = await freeAddresses();
    const note = (message: string): void => options.tell({ kind: 'Step', name: 'fault', state: 'Note', message });
    const lab = labOf(started.world, signal, note);
    const [operator] = await settled([install(opening, started, addresses), breakWorld(fault, lab, options.tell)]);
    const { platform } = started;
    const api = apiAt(addresses.api, identity);
    return { lab, platform, operator, api, namespace, names, dataDir, signal, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function breakWorld(fault: Fault, lab: Lab, tell: OnRunEvent): Promise<void> {
  return step(tell, 'fault', async (note) => {
    note(`${fault.name}: ${fault.description}`);
    await fault.inject(lab);
  });
}

async function startParts(opening: Opening, fault: Fault): Promise<Started> {
  const { tell, signal, names, decoys: wanted } = opening;
  const preparation = fault.prepare?.(names) ?? {};
  const [platform, world, bubblewrap] = await settled([
    step(tell, 'control plane', (progress) => platformFor(opening, progress)),
    step(tell, 'services', (progress) => worldFor(opening, preparation, progress)),
    debianProgram('bwrap', { signal, progress: () => undefined }).catch(() => undefined),
  ]);
  const decoys = wanted === true ? await startDecoys(world, fault.session.service, signal) : undefined;
  return { platform, world, preparation, decoys, bubblewrap };
}

async function platformFor(opening: Opening, progress: (line: string) => void): Promise<Platform> {
  if (opening.platform !== undefined) return opening.platform;
  const dataDir = privateFolder(opening.dataDir, 'control-plane');
  const platform = await startPlatform({ dataDir, signal: opening.signal, progress });
  opening.closers.push(() => platform.stop());
  return platform;
}

async function worldFor(
  { names, dataDir, signal, onWrite, closers, alerts }: Opening,
  preparation: Preparation,
  progress: (line: string) => void,
): Promise<World> {
  const hooks = onWrite === undefined ? {} : { onWrite };
  const world = await startWorld({
    ...preparation,
    ...hooks,
    needs: [...(preparation.needs ?? []), ...(alerts === undefined ? [] : (['prometheus', 'alertmanager'] as const))],
    dataDir: join(dataDir, 'world'),
    signal,
    progress,
    names,
  });
  closers.push(() => world.stop());
  return world;
}

/** Starts the operator, and gives it its namespace, secrets and maps meanwhile. */
async function install(opening: Opening, started: Started, addresses: OperatorAddresses): Promise<Operator> {
  const { tell, signal, namespace, dataDir, closers, model, identity } = opening;
  const { platform, world, bubblewrap } = started;
  const sandbox = bubblewrap === undefined ? {} : { bubblewrap };
  const operator = await createOperator({
    dataDir: privateFolder(dataDir, 'operator'),
    config: operatorConfig({ world, namespace, addresses, ...sandbox, ...present({ model, identity }) }),
    kubeconfig: platform.operatorKubeconfig,
    metricsAddress: addresses.metrics,
    env: world.carrier === undefined ? {} : { NODE_EXTRA_CA_CERTS: world.carrier.caFile },
    signal,
    note: (message) => tell({ kind: 'Step', name: 'operator', state: 'Note', message }),
  });
  closers.push(() => operator.stop());
  await step(tell, 'operator', async (note) => {
    note('starting the operator and applying the maps');
    await Promise.all([operator.start(), applyMaps(opening, started)]);
  });
  return operator;
}

async function applyMaps({ namespace, signal, without, model, alerts }: Opening, started: Started): Promise<void> {
  const { platform, world, preparation, decoys } = started;
  const { actions } = preparation;
  const maps = topologiesOf(world, {
    namespace,
    credentials: world.catalog === undefined ? mapCredentials : kubernetesCredentials,
    ...(actions === undefined ? {} : { actions }),
    recipes: (role) => preparation.recipes?.(role) ?? [],
    ...present({ decoys, alerts }),
  });
  await platform.createNamespace(namespace);
  const key = model === undefined ? [] : [modelSecret(model, systemNamespace)];
  await platform.controlPlane.apply(yaml([...secretsOf(world, namespace), ...key]), { signal });
  const known = without === undefined ? maps : maps.map((map) => mapWithoutSkill(map, without));
  await platform.controlPlane.apply(yaml(known), { signal, kubeconfig: platform.kubeconfigs.author });
}

function privateFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Like Promise.all, but waits for all of them also when one fails, so that what the others started is known to the closers. */
async function settled<T extends readonly unknown[]>(work: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const ends = await Promise.allSettled(work);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  // None was rejected.
  return ends.map((end) => (end as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
