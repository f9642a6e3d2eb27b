const largest = 4 * 1024 * 1024;

interface Section {
  readonly name: string;
  readonly lines: string[];
}

/** The log of a job as GitHub gives it: a timestamp before each line, secrets masked, bounded. */
export class JobLog {
  readonly #sections: Section[] = [];
  readonly #masks = new Set<string>();
  readonly #now: () => Date;
  #size = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** From now on this text shows as `***`. */
  mask(secret: string): void {
    for (const line of secret.split('\n')) if (line.trim().length > 2) this.#masks.add(line.trim());
  }

  section(name: string): void {
    this.#sections.push({ name, lines: [] });
  }

  line(text: string): void {
    if (this.#sections.length === 0) this.section('Set up job');
    const lines = this.#sections.at(-1)?.lines;
    if (lines === undefined || this.#size > largest) return;
    this.#size += text.length;
    const shown = this.#size > largest ? '##[warning]The log is too long; the rest is left out.' : this.#masked(text);
    lines.push(`${this.#now().toISOString().replace('Z', '0000Z')} ${shown}`);
  }

  #masked(text: string): string {
    return [...this.#masks].reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  get text(): string {
    return asText(this.#sections.flatMap(({ lines }) => lines));
  }

  /** A text for each step, in order. */
  get sections(): { name: string; text: string }[] {
    return this.#sections.map(({ name, lines }) => ({ name, text: asText(lines) }));
  }
}

function asText(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
