import { withoutSplit } from './pieces.ts';

/** The fields of events and pages that hold a text which may go on in the next one. */
const continued = [
  'message',
  'msg',
  'text',
  'line',
  'log',
  'content',
  'body',
  'data',
  'chunk',
  'output',
  'template',
  'sample',
  '@message',
];

/** A list without the secrets that are cut in two by its items: lines, events with a message, rows of a query on logs. Its items are still to be redacted. */
export function withoutSplitItems(list: readonly unknown[]): readonly unknown[] {
  if (list.length < 2) return list;
  if (list.every((item) => typeof item === 'string')) return inBothOrders(list);
  return continued.reduce(withoutSplitIn, list);
}

/** The list without what is cut in two by the texts of this field; as it is where an item has none: those do not follow each other. */
function withoutSplitIn(list: readonly unknown[], field: string): readonly unknown[] {
  const slots: Slot[] = [];
  for (const item of list) {
    const slot = slotOf(item, field);
    if (slot === undefined) return list;
    slots.push(slot);
  }
  const whole = inBothOrders(slots.map(({ text }) => text));
  return slots.map((slot, at) => slot.with(whole[at] ?? ''));
}

/** Logs are read from either end; what stands on several lines, from its beginning. */
function inBothOrders(texts: readonly string[]): readonly string[] {
  return withoutSplit(withoutSplitParts(withoutSplitParts(texts).toReversed()).toReversed(), '\n');
}

/** A text that begins so is a line of its own, and goes on with nothing. */
const ownLine = /^[[("]{0,2}(?:19|20)\d\d[-/][01]\d[-/][0-3]\d[T ]\d\d:\d\d/;

/** What may be parts of one line, without what is secret in them together. */
function withoutSplitParts(texts: readonly string[]): readonly string[] {
  const lines: string[][] = [];
  for (const text of texts) {
    const line = lines.at(-1);
    if (line === undefined || ownLine.test(text)) lines.push([text]);
    else line.push(text);
  }
  return lines.flatMap((parts) => withoutSplit(parts));
}

/** The text of an item, and the item with another one in its place. */
interface Slot {
  readonly text: string;
  with(text: string): unknown;
}

function slotOf(item: unknown, field: string): Slot | undefined {
  if (Array.isArray(item)) return slotOfRow(item, field);
  const text = (item as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof text === 'string' ? { text, with: (other) => ({ ...(item as object), [field]: other }) } : undefined;
}

/** A row as CloudWatch has it: a list of fields, the message among them. */
function slotOfRow(row: readonly unknown[], field: string): Slot | undefined {
  const at = row.findIndex((cell) => (cell as { readonly field?: unknown } | null | undefined)?.field === field);
  const cell = row[at] as { readonly value?: unknown } | undefined;
  const text = cell?.value;
  return typeof text === 'string' ? { text, with: (other) => row.with(at, { ...cell, value: other }) } : undefined;
}
