import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import { safeFields } from './safe-fields.ts';

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

/** A logger on pino. Errors go into the field `error`, with their class, code and causes. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, destination, redactText = (text: string) => text } = options;
  const settings = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return new PinoLogger(destination === undefined ? pino(settings) : pino(settings, destination), {}, redactText);
}

/**
 * Children keep their fields until a line is written: most reconciliations log nothing, and pino would serialise them each time. For
 * the same reason secrets are taken out here and not by pino's `redact`, which compiles its paths anew for every child.
 */
class PinoLogger implements Logger {
  readonly #pino: Pino;
  readonly #bound: object;
  readonly #redactText: (text: string) => string;

  constructor(logger: Pino, bound: object, redactText: (text: string) => string) {
    this.#pino = logger;
    this.#bound = bound;
    this.#redactText = redactText;
  }

  debug(message: string, fields?: object): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: object): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: object): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: object): void {
    this.#write('error', message, fields);
  }

  child(fields: object): Logger {
    return new PinoLogger(this.#pino, { ...this.#bound, ...fields }, this.#redactText);
  }

  #write(level: LogLevel, message: string, fields: object | undefined): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    this.#pino[level](safeFields({ ...this.#bound, ...fields }, this.#redactText), message);
  }
}
