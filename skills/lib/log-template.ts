/**
 * Parts of a message that vary from one occurrence to the next, widest first: an identifier must not be eaten as a number
 * before it is seen as a whole.
 */
const variable: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g, '<email>'],
  [/\barn:aws[\w-]*:[^\s"']+/g, '<arn>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '<address>'],
  [/\[[0-9a-f:]*:[0-9a-f:]+\](?::\d+)?/gi, '<address>'],
  [/"[^"]*"|'[^']*'|`[^`]*`/g, '<text>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, '<hex>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b\d+(?:\.\d+)?\s?(?:ns|us|µs|ms|s|sec|seconds|m|min|minutes|h|hours)\b/g, '<duration>'],
  [/\b\d+(?:[.,]\d+)*(?:\s?(?:bytes|[KMGT]i?B))?\b/g, '<number>'],
  // Identifiers that mix letters and digits: request ids, task ids, pod names.
  [/\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{10,}\b/g, '<id>'],
];

const longestTemplate = 300;

/** The message with its variable parts masked: two occurrences of one log statement have the same template. */
export function templateOf(message: string): string {
  const firstLine = message.split('\n', 1)[0] ?? '';
  const masked = variable.reduce((text, [pattern, mask]) => text.replace(pattern, mask), firstLine);
  return masked.replace(/\s+/g, ' ').trim().slice(0, longestTemplate);
}
