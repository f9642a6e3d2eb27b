import { isHarmless } from './harmless.ts';
import type { Finder, Secret } from './secret.ts';
import { secretNameKind } from './secret-names.ts';

const quote = String.raw`\\{0,16}["']`;
const pattern = new RegExp(
  String.raw`(?<!\w)val(?:ue)?(?:${quote})?\s{0,9}[:=]\s{0,9}(?:${quote}(?<value>[^"'\\]{1,2000})${quote}|(?<bare>[^\s"'\\,{}[\]]{1,400}))\s{0,9},?(?:\s|\\{1,16}[nr]){0,40}(?:${quote})?(?:name|key|field|variable|parameter)(?:${quote})?\s{0,9}[:=]\s{0,9}(?:${quote})?(?<name>[\w.-]{1,100})`,
  'gid',
);

/** `{"value": "...", "name": "DB_PASSWORD"}`: the name stands behind the value. */
export const findNamedBehind: Finder = (text) =>
  text.search(pattern) === -1
    ? []
    : Array.from(text.matchAll(pattern), (match) => valueOf(text, match)).filter((secret) => secret !== undefined);

function valueOf(text: string, { groups, indices }: RegExpExecArray): Secret | undefined {
  const kind = secretNameKind(groups?.['name'] ?? '');
  const at = indices?.groups;
  const [start, end] = at?.['value'] ?? at?.['bare'] ?? [0, 0];
  return kind === undefined || isHarmless(text.slice(start, end), kind) ? undefined : { start, end, kind };
}
