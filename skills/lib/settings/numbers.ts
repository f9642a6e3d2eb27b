import { assignedNumbers, yamlNumbers } from './line-numbers.ts';
import type { NumberLiteral } from './literal.ts';
import { objectNumbers } from './object-numbers.ts';

/** The numbers of a configuration file by its kind; none for a kind that is not known, or for a key that stands there twice. */
export function numbersOf(path: string, text: string): readonly NumberLiteral[] {
  const all = scan(path, text);
  const times = new Map<string, number>();
  for (const { key } of all) times.set(key, (times.get(key) ?? 0) + 1);
  return all.filter(({ key, value }) => times.get(key) === 1 && Number.isFinite(value));
}

function scan(path: string, text: string): readonly NumberLiteral[] {
  if (/\.(json|jsonc|json5|[cm]?[jt]s)$/i.test(path)) return objectNumbers(text);
  if (/\.ya?ml$/i.test(path)) return yamlNumbers(text);
  if (/(^|\/)\.env(\.[^/]*)?$|\.(env|properties|ini|cfg|conf|toml)$/i.test(path)) return assignedNumbers(text);
  return [];
}
