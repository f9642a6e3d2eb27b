const keptAtStart = 16 * 1024;
const keptAtEnd = 48 * 1024;
const longestLine = 4 * 1024;

/** Collects a command's output: its beginning, which says what was run, and its end, which says what went wrong. */
export class BoundedOutput {
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer = Buffer.alloc(0);
  #dropped = 0;

  add(chunk: Buffer): void {
    const room = keptAtStart - this.#headBytes;
    const first = chunk.subarray(0, Math.max(0, room));
    if (first.length > 0) this.#head.push(first);
    this.#headBytes += first.length;
    const rest = Buffer.concat([this.#tail, chunk.subarray(first.length)]);
    const over = Math.max(0, rest.length - keptAtEnd);
    this.#dropped += over;
    this.#tail = rest.subarray(over);
  }

  get truncatedBytes(): number {
    return this.#dropped;
  }

  /** Cut between lines, where that costs little: half a word may be half a secret, which nobody knows for one. */
  text(): string {
    const head = Buffer.concat(this.#head).toString('utf8');
    const tail = this.#tail.toString('utf8');
    if (this.#dropped === 0) return head + tail;
    const end = head.lastIndexOf('\n');
    const start = tail.indexOf('\n') + 1;
    const kept = head.slice(0, head.length - end < longestLine ? end + 1 : undefined);
    return `${kept}\n[... ${this.#dropped} bytes left out ...]\n${tail.slice(start < longestLine ? start : 0)}`;
  }
}
