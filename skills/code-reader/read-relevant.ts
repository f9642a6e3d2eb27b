import { framesOf, repositoryPaths, type Place } from './places.ts';

/** What there is to go by; all that is given is followed, in this order. */
export interface Clues {
  /** A stack trace, or any text with some in it. */
  readonly trace: string;
  /** Files that a commit changed: they are read as they are now. */
  readonly changed: readonly Place[];
}

export interface Budget {
  /** Of all excerpts together, in characters. */
  readonly characters: number;
  /** How many files may be fetched, found or not. */
  readonly reads: number;
}

export interface Excerpt {
  readonly path: string;
  /** Of its first line; 1 is the file's first. */
  readonly line: number;
  readonly text: string;
  readonly why: string;
}

export interface Relevant {
  readonly excerpts: readonly Excerpt[];
  /** What there was no room for, or what could not be found. */
  readonly leftOut: readonly string[];
}

/** Answers a file's text; undefined where there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

const around = 40;

/** The source that the clues point at, within a budget. A file that is not there is left out. @throws what `read` throws */
export async function readRelevant(read: ReadFile, { trace, changed }: Clues, budget: Budget): Promise<Relevant> {
  const reader = new Reader(read, budget);
  for (const place of framesOf(trace)) await reader.addFirst(repositoryPaths(place.path), place);
  for (const place of changed) await reader.addFirst([place.path], place);
  return { excerpts: reader.excerpts, leftOut: reader.leftOut };
}

/** Fetches each file once, and keeps count of what may still be read. */
class Reader {
  readonly excerpts: Excerpt[] = [];
  readonly leftOut: string[] = [];
  readonly #texts = new Map<string, string | undefined>();
  readonly #fetch: ReadFile;
  #characters: number;
  #reads: number;

  constructor(read: ReadFile, budget: Budget) {
    this.#fetch = read;
    this.#characters = budget.characters;
    this.#reads = budget.reads;
  }

  /** Adds what the first of the paths that is there says at the place. */
  async addFirst(paths: readonly string[], place: Place): Promise<void> {
    for (const path of paths) {
      const text = await this.#text(path);
      if (text !== undefined) return this.#add(path, text, place);
    }
    this.leftOut.push(`${place.path}: not found`);
  }

  async #text(path: string): Promise<string | undefined> {
    if (this.#texts.has(path)) return this.#texts.get(path);
    if (this.#reads === 0) return undefined;
    this.#reads -= 1;
    const text = await this.#fetch(path);
    this.#texts.set(path, text);
    return text;
  }

  #add(path: string, text: string, { line, why }: Place): void {
    const lines = text.split('\n');
    const first = line === undefined ? 1 : Math.max(1, Math.min(line, lines.length) - around);
    const shown = line === undefined ? lines : lines.slice(first - 1, first + 2 * around);
    const seen = this.excerpts.some((one) => one.path === path && Math.abs(one.line - first) < around);
    const excerpt = shown.join('\n');
    if (seen) return;
    if (excerpt.length > this.#characters) {
      this.leftOut.push(`${path}: no room for ${excerpt.length} characters`);
      return;
    }
    this.#characters -= excerpt.length;
    this.excerpts.push({ path, line: first, text: excerpt, why });
  }
}
