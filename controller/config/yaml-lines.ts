import { type Event, EVENT_ID, parseEvents } from 'js-yaml';

/** Finds the line of a field, from 1: its own, else that of the nearest field around it. */
export type LineOf = (pointer: string) => number | undefined;

/** An open mapping or sequence while its children are walked. */
interface Frame {
  readonly pointer: string;
  /** Of a mapping: the key whose value comes next; undefined when a key comes next. Of a sequence: the next index. */
  key: string | undefined;
  index: number;
  readonly sequence: boolean;
}

/** Lines of all fields of a YAML (or JSON) text that parses. */
export function yamlLines(text: string): LineOf {
  const lines = fieldLines(text);
  return (pointer) => {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const line = lines.get(at);
      if (line !== undefined || at === '') return line;
    }
  };
}

function fieldLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const lineAt = lineCounter(text);
  const frames: Frame[] = [];
  for (const event of parseEvents(text, {})) {
    const parent = frames.at(-1);
    if (event.type === EVENT_ID.POP) frames.pop();
    else if (event.type === EVENT_ID.SCALAR && isKey(parent)) {
      parent.key = text.slice(event.valueStart, event.valueEnd);
      lines.set(childPointer(parent), lineAt(event.valueStart));
    } else if (event.type !== EVENT_ID.DOCUMENT) enter(event, frames, lines, lineAt);
    // A document is popped like a collection.
    else frames.push({ pointer: '', key: '', index: 0, sequence: false });
  }
  return lines;
}

function enter(event: Event, frames: Frame[], lines: Map<string, number>, lineAt: (offset: number) => number): void {
  const parent = frames.at(-1);
  const pointer = parent === undefined || frames.length === 1 ? '' : childPointer(parent);
  const start = 'start' in event ? event.start : 'valueStart' in event ? event.valueStart : -1;
  if (start >= 0 && !lines.has(pointer)) lines.set(pointer, lineAt(start));
  if (parent !== undefined) {
    parent.index += 1;
    parent.key = undefined;
  }
  const sequence = event.type === EVENT_ID.SEQUENCE;
  if (sequence || event.type === EVENT_ID.MAPPING) frames.push({ pointer, key: undefined, index: 0, sequence });
}

function isKey(frame: Frame | undefined): frame is Frame {
  return frame !== undefined && !frame.sequence && frame.key === undefined;
}

function childPointer(frame: Frame): string {
  const name = frame.sequence ? String(frame.index) : (frame.key ?? '');
  return `${frame.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Offsets are asked for in ascending order, near enough: counted on from the last one. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    if (offset < at) [line, at] = [1, 0];
    for (let next = text.indexOf('\n', at); next !== -1 && next < offset; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
}
