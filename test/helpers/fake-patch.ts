import { isDeepStrictEqual } from 'node:util';
import { Refusal } from './fake-object-store.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** RFC 7386. */
export function mergePatch(target: Json, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete base[key];
    else base[key] = mergePatch(base[key] ?? null, value);
  }
  return base;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: Json;
}

/** RFC 6902: test, add, replace and remove, with the API server's answer to a test that fails. */
export function jsonPatch(target: Json, operations: readonly Operation[]): Json {
  const result = structuredClone(target);
  for (const operation of operations) applyOne(result, operation);
  return result;
}

function applyOne(root: Json, { op, path, value = null }: Operation): void {
  const segments = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = segments.pop() ?? '';
  let parent: Json = root;
  for (const segment of segments) parent = (parent as { [key: string]: Json })[segment] ?? {};
  const holder = parent as { [key: string]: Json };
  if (op === 'test') {
    if (!isDeepStrictEqual(holder[last] ?? null, value))
      throw new Refusal(422, 'Invalid', `testing path ${path} failed`);
  } else if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    parent.splice(index, op === 'add' ? 0 : 1, ...(op === 'remove' ? [] : [value]));
  } else if (op === 'remove') {
    delete holder[last];
  } else {
    holder[last] = value;
  }
}
