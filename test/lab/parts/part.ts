/** What every part of the lab is started with. */
export interface PartOptions {
  /** A folder of this part alone, for its data and its log; made when it is not there. */
  readonly dataDir: string;
  /** Aborting stops the part, also after it has started. */
  readonly signal: AbortSignal;
  /** Told, in a line, what a step that takes more than a moment waits for. */
  readonly progress: (line: string) => void;
}

/** A part that cannot run here; the message says what to install or to look at. */
export class PartUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PartUnavailable';
  }
}
