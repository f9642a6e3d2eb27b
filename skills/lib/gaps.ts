import type { Gap } from '../../controller/evidence/finding.ts';

const longestReason = 300;

/** Collects what a probe could not see. One tool that fails costs a gap, not the look. */
export class GapList {
  readonly #node: string;
  readonly #signal: AbortSignal;
  readonly #subject: string;
  readonly #gaps: Gap[];

  constructor(node: string, signal: AbortSignal, subject = '', gaps: Gap[] = []) {
    this.#node = node;
    this.#signal = signal;
    this.#subject = subject;
    this.#gaps = gaps;
  }

  /** The same list; what is added through it is told as of the subject. */
  of(subject: string): GapList {
    return new GapList(this.#node, this.#signal, `${subject}: `, this.#gaps);
  }

  add(what: string, reason: string): void {
    this.#gaps.push({ node: this.#node, what: `${this.#subject}${what}`, reason: reason.slice(0, longestReason) });
  }

  /** The answer, or `otherwise` with a gap. @throws only the signal's reason. */
  async orGap<T>(what: string, answer: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#signal.throwIfAborted();
      this.add(what, error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  }

  /** In the order of `what`, so that the same answers give the same result whichever came first. */
  list(): readonly Gap[] {
    return this.#gaps.toSorted((a, b) => a.what.localeCompare(b.what, 'en'));
  }
}
