const longest = 400;

/** What a literal or a comment looks like; one that the server cut off ends with the text. */
const parts =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?<![\w$])[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|(?:(?<![\w$])[bBxXnN])?'(?:''|[^'])*(?:'|$)|"(?:""|[^"])*(?:"|$)|(?<![\w$])[+-]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?\b/g;

/**
 * A statement with its literals masked, on one line: what two runs of it have in common, and nothing of people's data.
 * Parameters ($1) and names stay.
 */
export function queryTemplate(query: string): string {
  const masked = query.replaceAll(parts, (part) => {
    if (part.startsWith('--') || part.startsWith('/*')) return ' ';
    return part.startsWith('"') ? part : '?';
  });
  return masked
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, '(?, ...)')
    .replaceAll(/(\(\?, \.\.\.\))(?:\s*,\s*\1)+/g, '$1, ...')
    .trim()
    .slice(0, longest);
}
