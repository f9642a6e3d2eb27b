import { withoutSplit } from './pieces.ts';

/** The fields of events and pages that hold a text which may go on in the next one. */
const continued = new Set(['message', 'msg', 'text', 'line', 'log', 'content', 'body', 'data', 'chunk', 'output']);

/** A list without the secrets that are cut in two by its items: lines, events with a message, rows of a query on logs. Its items are still to be redacted. */
export function withoutSplitItems(list: readonly unknown[]): readonly unknown[] {
  if (list.length < 2) return list;
  if (list.every((item) => typeof item === 'string')) return inBothOrders(list);
  const slots = list.map(slotOf);
  const texts = slots.flatMap((slot) => (slot === undefined ? [] : [slot.text]));
  // Something else in between: these do not follow each other.
  if (texts.length !== list.length) return list;
  const whole = inBothOrders(texts);
  return slots.map((slot, at) => slot?.with(whole[at] ?? ''));
}

/** Logs are read from either end; what stands on several lines, from its beginning. */
function inBothOrders(texts: readonly string[]): readonly string[] {
  return withoutSplit(withoutSplit(withoutSplit(texts, '\n')).toReversed()).toReversed();
}

/** The text of an item, and the item with another one in its place. */
interface Slot {
  readonly text: string;
  with(text: string): unknown;
}

function slotOf(item: unknown): Slot | undefined {
  if (Array.isArray(item)) return slotOfRow(item);
  if (typeof item !== 'object' || item === null) return undefined;
  const found = Object.entries(item).find(([name, value]) => continued.has(name) && typeof value === 'string');
  return found === undefined ? undefined : { text: String(found[1]), with: (text) => ({ ...item, [found[0]]: text }) };
}

/** A row as CloudWatch has it: a list of fields, the message among them. */
function slotOfRow(row: readonly unknown[]): Slot | undefined {
  const at = row.findIndex((cell) => isMessage(cell));
  const cell = row[at];
  if (!isMessage(cell)) return undefined;
  return { text: cell.value, with: (text) => row.with(at, { ...cell, value: text }) };
}

function isMessage(cell: unknown): cell is { readonly field: string; readonly value: string } {
  const { field, value } = (cell ?? {}) as { field?: unknown; value?: unknown };
  return (field === '@message' || continued.has(String(field))) && typeof value === 'string';
}
