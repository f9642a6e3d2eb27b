import { findSecrets } from './find.ts';
import { redact } from './redact.ts';

/** What is held back: the longest that a secret is followed across chunks, but for private keys, which are held as long as they go on. */
const held = 4_096;
const most = 65_536;

/** Redacts a text that comes in chunks which end anywhere, in a secret too. What it gives lags behind by up to `held` characters and a line. */
export class RedactingStream {
  #rest = '';

  /** What can be shown by now. */
  push(chunk: string): string {
    this.#rest += chunk;
    const cut = this.#rest.length < 2 * held ? 0 : this.#cut();
    const shown = this.#rest.slice(0, cut);
    this.#rest = this.#rest.slice(cut);
    return redact(shown);
  }

  /** The rest, when nothing follows. */
  end(): string {
    const shown = redact(this.#rest);
    this.#rest = '';
    return shown;
  }

  /** An end of a line that is outside of all secrets; a line without an end is cut in the end, between secrets. */
  #cut(): number {
    const limit = this.#rest.length - held;
    const newline = this.#rest.lastIndexOf('\n', limit) + 1;
    const wanted = newline > 0 ? newline : limit;
    if (newline === 0 && this.#rest.length < most) return 0;
    const around = findSecrets(this.#rest).find(({ start, end }) => start < wanted && end > wanted);
    return around?.start ?? wanted;
  }
}
