import type { WireRequest } from '../messages-api/wire.ts';

/** What a model makes of a prompt that reads more than is meant: escapes, encodings and what no eye sees. */
export function heard(request: Pick<WireRequest, 'messages' | 'system' | 'tools'>): string {
  const whole = textsIn([request.system, request.tools, request.messages.filter(({ role }) => role === 'user')]);
  const seen = whole.map(visible);
  const plain = seen.flatMap((text) => [text, unescaped(text), unescaped(unescaped(text))]);
  return [...plain, ...plain.flatMap(decodedIn)].join('\n');
}

/** All strings in a value, names of fields among them. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => [key, ...textsIn(held)]);
}

/** Without what has no width, and with what is hidden among the tags. */
function visible(text: string): string {
  const shown = text.replaceAll(/[\u{E0020}-\u{E007E}]/gu, (sign) =>
    String.fromCodePoint((sign.codePointAt(0) ?? 0xe0020) - 0xe0000),
  );
  return shown.normalize('NFKC').replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, '');
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(["\\/])/g, '$1').replaceAll(/\\[nrt]/g, ' ');
}

function decodedIn(text: string): readonly string[] {
  const words = text.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? [];
  return words.map((word) => visible(Buffer.from(word, 'base64').toString('utf8')));
}
