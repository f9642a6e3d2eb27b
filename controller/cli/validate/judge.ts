import type { MapFault } from '../../topology/faults/fault.ts';
import { documentsIn, type Document } from './documents.ts';
import { fieldAt } from './fields.ts';
import type { SourceFile } from './files.ts';
import { faultsOf } from './kinds.ts';
import { kustomizedBy } from './kustomize.ts';
import { type Declared, declared, isOurs, nameOf } from './objects.ts';
import { inOrder, type Problem } from './problem.ts';
import { type Kind, readKinds } from './schema.ts';
import { secretFaults } from './secrets.ts';
import { worldOf } from './world.ts';

export interface Judgement {
  readonly files: number;
  /** Objects of our kinds. */
  readonly objects: number;
  /** Documents of other kinds, and patches. */
  readonly skipped: number;
  readonly problems: readonly Problem[];
}

/** Holds all objects of our kinds in the files against their schemas, each other, and what the operator knows. */
export function judge(files: readonly SourceFile[], namespace: string): Judgement {
  const read = files.map(documentsIn);
  const documents = read.flatMap((one) => one.documents);
  const kustomized = kustomizedBy(documents);
  const ours = documents.filter((document) => isOurs(document) && !kustomized.patches.has(document.file));
  const kinds = readKinds();
  const shaped = ours.map((document) => {
    const kind = kinds.get(String(document.value['kind']));
    const object = declared(document, kind, { kustomized, namespace });
    const faults = [...shapeFaults(object, kind, kinds), ...writtenFaults(document)];
    return { object: { ...object, readable: kind !== undefined && faults.every(isHarmless) }, faults };
  });
  const objects = shaped.map(({ object }) => object);
  const world = worldOf(objects);
  const problems = shaped.flatMap(({ object, faults }) =>
    [...faults, ...(object.readable ? faultsOf(object, world) : [])].map((fault) => problemOf(object, fault)),
  );
  const secrets = secretFaults(documents, objects, { kustomized, namespace });
  return {
    files: files.length,
    objects: objects.length,
    skipped: documents.length - ours.length,
    problems: inOrder([...read.flatMap((one) => one.problems), ...problems, ...twice(objects), ...secrets]),
  };
}

type ShapeFault = MapFault & { readonly keyword?: string };

function shapeFaults(
  { value }: Omit<Declared, 'readable'>,
  kind: Kind | undefined,
  kinds: ReadonlyMap<string, Kind>,
): readonly ShapeFault[] {
  if (kind === undefined) {
    return [fault('/kind', `${String(value['kind'])} is none of ${[...kinds.keys()].toSorted().join(', ')}`)];
  }
  if (value['apiVersion'] !== kind.apiVersion) return [fault('/apiVersion', `must be ${kind.apiVersion}`)];
  const shape = kind.shapeFaults(value).map((one): ShapeFault => ({ severity: 'Error', ...one }));
  if (shape.length > 0) return shape;
  return kind.ruleFaults(value).map(({ verdict, ...one }): ShapeFault => ({
    severity: verdict === 'Broken' ? 'Error' : 'Warning',
    ...one,
    keyword: 'rule',
  }));
}

function writtenFaults({ value }: Document): readonly ShapeFault[] {
  if (value['status'] === undefined) return [];
  return [warning('/status', 'is written by the operator; what is applied is ignored')];
}

const fault = (pointer: string, message: string): ShapeFault => ({ severity: 'Error', pointer, message });
const warning = (pointer: string, message: string): ShapeFault => ({
  severity: 'Warning',
  pointer,
  message,
  keyword: 'status',
});

/** With such faults the object can still be read as what it is, and all that is wrong is told at once. */
const harmless: ReadonlySet<string | undefined> = new Set([
  'additionalProperties',
  'pattern',
  'maxLength',
  'minimum',
  'maximum',
  'uniqueKeys',
  'rule',
  'status',
]);

function isHarmless({ keyword }: ShapeFault): boolean {
  return harmless.has(keyword);
}

function problemOf(object: Declared, { severity, pointer, message }: MapFault): Problem {
  return {
    file: object.file,
    ...placeIn(object, pointer),
    severity,
    object: nameOf(object),
    field: fieldAt(object.value, pointer),
    message,
  };
}

export function placeIn({ placeOf }: Document, pointer: string): { readonly line: number; readonly column: number } {
  return placeOf(pointer) ?? { line: 1, column: 1 };
}

/** Which of two counts is whichever is applied last. */
function twice(objects: readonly Declared[]): readonly Problem[] {
  const named = objects.filter(
    ({ value: { metadata } }) => (metadata as { name?: unknown } | undefined)?.name !== undefined,
  );
  return [...Map.groupBy(named, nameOf).values()].flatMap(([first, ...others]) =>
    others.map((other) => {
      const at = first === undefined ? '' : `${first.file}:${placeIn(first, '').line}`;
      return problemOf(other, { severity: 'Warning', pointer: '/metadata/name', message: `is declared at ${at} too` });
    }),
  );
}
