import { type DestinationStream, type Logger as Pino, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes a constant message and the fields that vary, one JSON line each. */
export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  /** The same with these fields on every line. */
  child(fields: object): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Standard output without one. */
  readonly destination?: DestinationStream;
  /** Takes secrets out of every text that is logged; the fields of error objects too. */
  readonly redactText?: (text: string) => string;
}

/** Fields that hold a secret by their name, whatever is in them. */
const secretFields = [
  'token',
  'password',
  'secret',
  'authorization',
  'apiKey',
  'privateKey',
  'credentials',
  'connectionString',
];
const censored = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
const maxCauses = 5;

/** A logger on pino. Errors go into the field `error`, with their class, code and causes. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, destination, redactText = (text: string) => text } = options;
  const settings = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => redactFields(fields, redactText),
    },
    serializers: { error: (error: unknown) => describeError(error, redactText) },
    redact: { paths: censored, censor: '[redacted]' },
  };
  return new PinoLogger(destination === undefined ? pino(settings) : pino(settings, destination));
}

class PinoLogger implements Logger {
  readonly #pino: Pino;

  constructor(logger: Pino) {
    this.#pino = logger;
  }

  debug(message: string, fields: object = {}): void {
    this.#pino.debug(fields, message);
  }

  info(message: string, fields: object = {}): void {
    this.#pino.info(fields, message);
  }

  warn(message: string, fields: object = {}): void {
    this.#pino.warn(fields, message);
  }

  error(message: string, fields: object = {}): void {
    this.#pino.error(fields, message);
  }

  child(fields: object): Logger {
    return new PinoLogger(this.#pino.child(fields));
  }
}

function redactFields(fields: object, redactText: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? redactText(value) : value]),
  );
}

/** What is worth logging of an error: class, message, codes, stack and causes; never its other fields, which may hold anything. */
function describeError(error: unknown, redactText: (text: string) => string, depth = 0): unknown {
  if (!(error instanceof Error)) return redactText(String(error));
  const { code, reason, status } = error as { code?: unknown; reason?: unknown; status?: unknown };
  const known = Object.entries({ code, reason, status }).filter(([, value]) =>
    ['string', 'number'].includes(typeof value),
  );
  const described = { type: error.name, message: redactText(error.message), ...Object.fromEntries(known) };
  const withStack = depth === 0 ? { ...described, stack: redactText(error.stack ?? '') } : described;
  if (error.cause === undefined || depth >= maxCauses) return withStack;
  return { ...withStack, cause: describeError(error.cause, redactText, depth + 1) };
}
