import { faultNamed, faults, faultsIn, folders, nameIn, type Folder } from '../../lab/faults/catalogue.ts';
import type { Engine } from '../../lab/host/session.ts';
import { otherNames, plainNames, type WorldNames } from '../../lab/world/names.ts';

/** `plain`: as `npm start` runs a fault. `disguised`: everything under other names and among ten decoys, one of which is ill. */
export const forms = ['plain', 'disguised'] as const;
export type Form = (typeof forms)[number];
export const sets = ['catalogue', ...folders, 'all'] as const;
export type SetName = (typeof sets)[number];

/** One session to be judged: an engine on a fault, in a form. */
export interface EvalCase {
  readonly engine: Engine;
  /** As `faultNamed` takes it. */
  readonly fault: string;
  readonly form: Form;
}

/** What is summed up together. Each set beside the catalogue stands apart, and has one form: it is always disguised. */
export const groups = [...forms, ...folders] as const;
export type GroupName = (typeof groups)[number];

export interface Chosen {
  readonly engines: readonly Engine[];
  /** These alone; the set without it. */
  readonly faults?: readonly string[];
  readonly set: SetName;
  readonly forms: readonly Form[];
}

/** @throws FaultUnusable for a name that there is not */
export function casesOf(chosen: Chosen): readonly EvalCase[] {
  const names = chosen.faults ?? namesIn(chosen.set);
  for (const name of names) faultNamed(name);
  return chosen.engines.flatMap((engine) =>
    names.flatMap((fault) => formsOf(fault, chosen.forms).map((form) => ({ engine, fault, form }))),
  );
}

function namesIn(set: SetName): readonly string[] {
  const catalogue = faults.map(({ name }) => name);
  const apart = (folder: Folder): readonly string[] => faultsIn[folder].map((fault) => nameIn(folder, fault));
  if (set === 'catalogue') return catalogue;
  if (set === 'all') return [...catalogue, ...folders.flatMap(apart)];
  return apart(set);
}

function formsOf(fault: string, wanted: readonly Form[]): readonly Form[] {
  return folderOf(fault) === undefined ? wanted : ['disguised'];
}

export function groupOf({ fault, form }: EvalCase): GroupName {
  return folderOf(fault) ?? form;
}

function folderOf(fault: string): Folder | undefined {
  return folders.find((folder) => fault.startsWith(nameIn(folder, { name: '' })));
}

/** How many cases a group has when all are run. */
export const sizes: Readonly<Record<GroupName, number>> = {
  plain: faults.length,
  disguised: faults.length,
  hard: faultsIn.hard.length,
  second: faultsIn.second.length,
  third: faultsIn.third.length,
};

export function namesOf(form: Form): WorldNames {
  return form === 'disguised' ? otherNames : plainNames;
}

export function keyOf({ engine, fault, form }: EvalCase): string {
  return `${engine} ${fault} ${form}`;
}
