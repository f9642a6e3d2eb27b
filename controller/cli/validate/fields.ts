import { isObject } from './documents.ts';

/** `spec.upstream[api-gateway].with.url`: items that have a name go by it. */
export function fieldAt(object: unknown, pointer: string): string {
  let at = object;
  let field = '';
  for (const word of wordsOf(pointer)) {
    const next: unknown = Array.isArray(at) ? at[Number(word)] : isObject(at) ? at[word] : undefined;
    field += Array.isArray(at) ? `[${keyOf(next) ?? word}]` : `${field === '' ? '' : '.'}${word}`;
    at = next;
  }
  return field;
}

/** The pointer of a field that is named so. */
export function pointerTo(object: unknown, field: string): string {
  let at = object;
  let pointer = '';
  for (const [, index, word] of field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)) {
    const key = index ?? word ?? '';
    const found = Array.isArray(at) && !/^\d+$/.test(key) ? at.findIndex((item) => keyOf(item) === key) : key;
    pointer += `/${found}`;
    at = Array.isArray(at) ? at[Number(found)] : isObject(at) ? at[key] : undefined;
  }
  return pointer;
}

function wordsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What lists of our kinds are keyed by. */
function keyOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const key = item['name'] ?? item['kind'] ?? item['path'] ?? item['server'] ?? item['skill'];
  return typeof key === 'string' ? key : undefined;
}
