const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * The text of a field in Python's str() of a list of dicts, as in `[{'name': 'it\'s'}]`. Undefined when the field is not there or
 * holds no text.
 */
export function pythonText(source: string, field: string): string | undefined {
  const key = source.indexOf(`'${field}': `);
  if (key < 0) return undefined;
  const start = key + field.length + 4;
  const quote = source[start];
  if (quote !== "'" && quote !== '"') return undefined;
  return literalFrom(source, start + 1, quote);
}

function literalFrom(source: string, start: number, quote: string): string | undefined {
  let text = '';
  for (let index = start; index < source.length; index++) {
    const character = source.charAt(index);
    if (character === quote) return text;
    if (character !== '\\') {
      text += character;
      continue;
    }
    const escape = escapeAt(source, index + 1);
    text += escape.text;
    index += escape.length;
  }
  return undefined;
}

function escapeAt(source: string, index: number): { readonly text: string; readonly length: number } {
  const hex = /^(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8}))/i.exec(source.slice(index, index + 9));
  const digits = hex?.[1] ?? hex?.[2] ?? hex?.[3];
  if (hex !== null && digits !== undefined) {
    return { text: String.fromCodePoint(Number.parseInt(digits, 16)), length: hex[0].length };
  }
  const character = source.charAt(index);
  return { text: escapes[character] ?? character, length: 1 };
}
