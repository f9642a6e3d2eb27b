import type { Finder, Secret } from './secret.ts';

const kind = /kind\\{0,8}["']?\s{0,8}:\s{0,8}\\{0,8}["']?Secret(?![\w-])/g;
/** How far from its kind a Secret's data may stand. */
const reach = 20_000;
const yamlData = /^([ \t]{0,40})(?:data|stringData):[ \t]*(?:#[^\n]*)?\r?$/gm;
const jsonData = /(\\{0,8})"(?:data|stringData)\1"\s{0,8}:\s{0,8}\{/g;

/** All that Secrets of Kubernetes hold, in YAML and in JSON: whatever its name is, it is a secret. */
export const findKubernetesSecrets: Finder = (text) => {
  const secrets = documentsIn(text).flatMap(([start, end]) => [
    ...[...text.slice(start, end).matchAll(yamlData)].flatMap((match) =>
      yamlValues(text, start + match.index + match[0].length + 1, match[1] ?? '', end),
    ),
    ...[...text.slice(start, end).matchAll(jsonData)].flatMap((match) =>
      jsonValues(text, start + match.index + match[0].length, match[1] ?? '', end),
    ),
  ]);
  return secrets.toSorted((a, b) => a.start - b.start);
};

/** Around each Secret's kind, up to the neighbouring documents of a YAML stream; none over another. */
function documentsIn(text: string): readonly (readonly [number, number])[] {
  if (!text.includes('Secret')) return [];
  const documents: [number, number][] = [];
  for (const { index } of text.matchAll(kind)) {
    const from = Math.max(0, index - reach, documents.at(-1)?.[1] ?? 0);
    const before = text.slice(from, index).lastIndexOf('\n---');
    const after = text.slice(index, index + reach).indexOf('\n---');
    const start = before === -1 ? from : from + before;
    const end = after === -1 ? Math.min(text.length, index + reach) : index + after;
    if (start < end) documents.push([start, end]);
  }
  return documents;
}

const entry = /^([ \t]*)(?:"[^"\n]*"|'[^'\n]*'|[\w.-]+):[ \t]*(.*)$/;

/** The values of the lines that are indented by more than `data:` itself. */
function yamlValues(text: string, from: number, indent: string, end: number): readonly Secret[] {
  const secrets: Secret[] = [];
  for (let at = from; at < end;) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    const line = text.slice(at, lineEnd).trimEnd();
    const blank = line.trim() === '';
    if (!blank && line.length - line.trimStart().length <= indent.length) break;
    // A line that is no entry of its own goes on with the value above it.
    const value = entry.exec(line)?.[2] ?? line.trim();
    const start = at + line.length - value.length;
    if (!blank && isValue(value)) secrets.push({ start, end: at + line.length, kind: 'kubernetes-secret' });
    at = lineEnd + 1;
  }
  return secrets;
}

function isValue(value: string): boolean {
  return !/^(?:[|>][+-]?\d?|""|''|\{\}|\{\{[^{}]*\}\}|"?\[redacted:[\w-]+\]"?)?$/.test(value);
}

/** The texts in an object without objects of its own. */
function jsonValues(text: string, from: number, escape: string, end: number): readonly Secret[] {
  const quote = `${escape}"`;
  const secrets: Secret[] = [];
  const pair = new RegExp(
    String.raw`\s{0,40}${doubled(quote)}[^"\\\n]{1,260}${doubled(quote)}\s{0,8}:\s{0,8}${doubled(quote)}`,
    'y',
  );
  for (let at = from; at < end;) {
    pair.lastIndex = at;
    const key = pair.exec(text);
    if (key === null) break;
    const start = at + key[0].length;
    const close = endOfString(text, start, quote);
    if (close > start && isValue(text.slice(start, close)))
      secrets.push({ start, end: close, kind: 'kubernetes-secret' });
    at = close + quote.length;
    while (/[\s,]/.test(text[at] ?? '')) at += 1;
  }
  return secrets;
}

/** Where a quote stands that is escaped as often as the one that opened the string. */
function endOfString(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at !== -1; at = text.indexOf(quote, at + 1))
    if (text[at - 1] !== '\\' || at === from) return at;
  return text.length;
}

function doubled(quote: string): string {
  return quote.replaceAll('\\', String.raw`\\`);
}
