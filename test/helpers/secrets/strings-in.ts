/** From this length on a string is taken apart: it is a document, or JSON in it. */
const document = 4000;

/** All strings in a value, names of fields too, each once, in their order; long ones line by line, and what is JSON in them likewise. */
export function stringsIn(value: unknown): readonly string[] {
  const found = new Set<string>();
  const walk = (one: unknown): void => {
    if (typeof one === 'string') addText(one);
    else if (Array.isArray(one)) one.forEach(walk);
    else if (typeof one === 'object' && one !== null) Object.entries(one).forEach(walk);
  };
  const addText = (text: string): void => {
    if (text.length < document) found.add(text);
    else for (const line of text.split('\n')) addLine(line);
  };
  const addLine = (line: string): void => {
    const inner = parsed(line);
    if (inner === undefined) found.add(line);
    else walk(inner);
  };
  walk(value);
  return [...found];
}

function parsed(line: string): unknown {
  if (!/^\s*[[{]/.test(line)) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
