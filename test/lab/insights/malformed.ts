/** A query that is not understood; offsets are of the characters in the query text, the end exclusive. */
export class MalformedQuery extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, at: { readonly start: number; readonly end: number }, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MalformedQuery';
    this.start = at.start;
    this.end = at.end;
  }
}
