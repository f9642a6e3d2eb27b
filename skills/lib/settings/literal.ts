/** A number that stands in a configuration file. */
export interface NumberLiteral {
  /** Path of names and indexes from the file's top, joined by dots: `pool.max`, `workers.0.batchSize`. */
  readonly key: string;
  readonly value: number;
  /** Where its text stands, in UTF-16 units: [start, end). */
  readonly start: number;
  readonly end: number;
}

/** The text with the literal replaced, everything else as it was. */
export function replaceLiteral(text: string, { start, end }: NumberLiteral, value: number): string {
  return text.slice(0, start) + String(value) + text.slice(end);
}
