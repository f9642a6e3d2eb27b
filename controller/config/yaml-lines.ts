import { type Event, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';

/** Finds the line of a field, from 1: its own, else that of the nearest field around it. */
export type LineOf = (pointer: string) => number | undefined;

/** Both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds where a field is named (where it begins, of an item of a list): its own place, else that of the nearest field around it. */
export type PlaceOf = (pointer: string) => Place | undefined;

/** An open mapping or sequence while its children are walked. */
interface Frame {
  readonly pointer: string;
  /** Of a mapping: the key whose value comes next; undefined when a key comes next. Of a sequence: the next index. */
  key: string | undefined;
  index: number;
  readonly sequence: boolean;
}

/** Places of all fields, by document, of a YAML (or JSON) text that parses. */
export function yamlPlaces(text: string): readonly PlaceOf[] {
  return fieldPlaces(text).map((places) => (pointer) => {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const place = places.get(at);
      if (place !== undefined || at === '') return place;
    }
  });
}

/** Lines of all fields of a YAML (or JSON) text that parses and holds one document. */
export function yamlLines(text: string): LineOf {
  const [placeOf] = yamlPlaces(text);
  return (pointer) => placeOf?.(pointer)?.line;
}

type Places = Map<string, Place>;

function fieldPlaces(text: string): readonly Places[] {
  const documents: Places[] = [];
  const placeAt = placeFinder(text);
  const frames: Frame[] = [];
  for (const event of parseEvents(text, {})) {
    const parent = frames.at(-1);
    const places = documents.at(-1);
    if (event.type === EVENT_ID.POP) frames.pop();
    else if (event.type === EVENT_ID.DOCUMENT || places === undefined) {
      documents.push(new Map());
      // A document is popped like a collection.
      frames.push({ pointer: '', key: '', index: 0, sequence: false });
    } else if (event.type === EVENT_ID.SCALAR && isKey(parent)) {
      parent.key = getScalarValue(text, event);
      places.set(childPointer(parent), placeAt(startOf(event)));
    } else enter(event, frames, places, placeAt);
  }
  return documents;
}

function enter(event: Event, frames: Frame[], places: Places, placeAt: (offset: number) => Place): void {
  const parent = frames.at(-1);
  const pointer = parent === undefined || frames.length === 1 ? '' : childPointer(parent);
  const start = startOf(event);
  if (start >= 0 && !places.has(pointer)) places.set(pointer, placeAt(start));
  if (parent !== undefined) {
    parent.index += 1;
    parent.key = undefined;
  }
  const sequence = event.type === EVENT_ID.SEQUENCE;
  if (sequence || event.type === EVENT_ID.MAPPING) frames.push({ pointer, key: undefined, index: 0, sequence });
}

/** Quotes and the sigil of an alias are before what the events point at. */
function startOf(event: Event): number {
  if ('start' in event) return event.start;
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (!('valueStart' in event)) return -1;
  const { SINGLE_QUOTED, DOUBLE_QUOTED } = SCALAR_STYLE;
  return event.style === SINGLE_QUOTED || event.style === DOUBLE_QUOTED ? event.valueStart - 1 : event.valueStart;
}

function isKey(frame: Frame | undefined): frame is Frame {
  return frame !== undefined && !frame.sequence && frame.key === undefined;
}

function childPointer(frame: Frame): string {
  const name = frame.sequence ? String(frame.index) : (frame.key ?? '');
  return `${frame.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Offsets are asked for in ascending order, near enough: counted on from the last one. */
function placeFinder(text: string): (offset: number) => Place {
  let line = 1;
  let at = 0;
  return (offset) => {
    if (offset < at) [line, at] = [1, 0];
    for (let next = text.indexOf('\n', at); next !== -1 && next < offset; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    return { line, column: offset - at + 1 };
  };
}
