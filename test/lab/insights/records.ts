import { Instant, type Value } from './values.ts';

/** A log event as FilterLogEvents answers it, with where it is from. */
export interface LogEvent {
  /** `<account>:<log group>`. */
  readonly log: string;
  readonly logStream: string;
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly id: string;
}

/** A row on its way through the commands. */
export type Row = Map<string, Value>;

/** The fields that the service gives to every event, and those that it discovers in a message that is a JSON object. */
export function toRow(event: LogEvent): Row {
  const row: Row = new Map(fieldsOf(event));
  row.set('@timestamp', new Instant(event.timestamp));
  row.set('@ingestionTime', new Instant(event.ingestionTime));
  row.set('@message', event.message);
  row.set('@logStream', event.logStream);
  row.set('@log', event.log);
  row.set('@ptr', Buffer.from(`${event.log}\n${event.logStream}\n${event.id}`).toString('base64'));
  return row;
}

/** Several queries go over one event; its message is taken apart once. */
const taken = new WeakMap<LogEvent, Row>();

function fieldsOf(event: LogEvent): Row {
  const known = taken.get(event);
  if (known !== undefined) return known;
  const fields: Row = new Map();
  discover(event.message, fields);
  taken.set(event, fields);
  return fields;
}

function discover(message: string, row: Row): void {
  if (!/^\s*\{/.test(message)) return;
  const parsed = parseJson(message);
  if (typeof parsed === 'object' && parsed !== null) flatten(parsed, '', row);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nested fields have dotted names, list elements their index; a field of the message that begins with @ gets a second one. */
function flatten(object: object, prefix: string, row: Row): void {
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    const name = `${prefix}${prefix === '' && key.startsWith('@') ? '@' : ''}${key}`;
    if (typeof value === 'object' && value !== null) flatten(value, `${name}.`, row);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') row.set(name, value);
  }
}
