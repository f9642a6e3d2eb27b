import { expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { Recollections } from '../../../controller/session/recollections.ts';

const cause = { node: 'shop/run', kind: 'compute.MemoryTooLow' };

/** A session that has ended; `read` is told each time its status is looked into. */
function ended(name: string, day: number, read: (name: string) => void = () => undefined, version = '1'): DebugSession {
  const at = new Date(Date.UTC(2026, 0, day)).toISOString();
  const metadata = {
    name,
    namespace: 'team',
    uid: name,
    resourceVersion: version,
    generation: 1,
    creationTimestamp: at,
  };
  const status: DebugSession['status'] = { phase: 'Succeeded', completedAt: at, diagnosis: { rootCause: cause } };
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'DebugSession',
    metadata,
    spec: {
      topologyRef: { name: 'shop' },
      mode: 'Fix',
      reasoner: 'Causal',
      suspend: false,
      cancel: false,
      grantIterations: 0,
    },
    get status() {
      read(name);
      return status;
    },
  };
}

function names(recollections: Recollections, sessions: readonly DebugSession[], namespace = 'team'): readonly string[] {
  return [...recollections.of(namespace, sessions).all()].map(({ uid }) => uid);
}

test('a session is read once, and again when it has changed', () => {
  const read: string[] = [];
  const note = (name: string) => void read.push(name);
  const recollections = new Recollections();
  const [one, two] = [ended('one', 1, note), ended('two', 2, note)];
  expect(names(recollections, [one, two])).toEqual(['one', 'two']);
  read.length = 0;
  names(recollections, [one, ended('two', 2, note, '2')]);
  expect(new Set(read)).toEqual(new Set(['two']));
});

test('one that is deleted is forgotten, and namespaces know nothing of each other', () => {
  const recollections = new Recollections();
  names(recollections, [ended('one', 1), ended('two', 2)]);
  expect(names(recollections, [ended('two', 2)])).toEqual(['two']);
  expect(names(recollections, [ended('three', 3)], 'others')).toEqual(['three']);
  expect(names(recollections, [ended('two', 2)])).toEqual(['two']);
});

test('of more than can be remembered the latest are', () => {
  const many = Array.from({ length: 2003 }, (_, day) => ended(`s${day}`, day));
  const known = names(new Recollections(), many);
  expect(known).toHaveLength(2000);
  expect(known).not.toContain('s2');
  expect(known).toContain('s3');
});
