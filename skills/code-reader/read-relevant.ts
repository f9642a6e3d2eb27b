import { getCommit } from '../lib/github/commits.ts';
import { listFolder, readText, type Source } from '../lib/github/files.ts';
import { pathKind } from '../lib/github/path-kind.ts';
import type { Tools } from '../skill.ts';
import { framesOf, repositoryPaths, type Place } from './places.ts';

/** What there is to go by; all that is given is followed, in this order. */
export interface Clues {
  /** A stack trace, or any text with one in it. */
  readonly trace?: string;
  /** A commit whose changed files are to be read, as they are now. */
  readonly commit?: string;
  /** A name that is looked for in the source files at the top, in src, lib and app. */
  readonly symbol?: string;
}

export interface Budget {
  /** Of all excerpts together, in characters; 60,000 by default. */
  readonly characters?: number;
  /** How many files may be fetched, found or not; 30 by default. */
  readonly reads?: number;
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

const around = 40;

/**
 * The source that the clues point at, within a budget. @throws ToolError when the repository cannot be read; a file that is not
 * there is left out.
 */
export async function readRelevant(
  tools: Tools,
  source: Source,
  clues: Clues,
  signal: AbortSignal,
  budget: Budget = {},
): Promise<Relevant> {
  const reader = new Reader(tools, source, signal, budget);
  for (const place of framesOf(clues.trace ?? '')) await reader.addFirst(repositoryPaths(place.path), place);
  if (clues.commit !== undefined) {
    const commit = await getCommit(tools, source.repository, clues.commit, signal);
    for (const { path, status } of commit.files) {
      if (status !== 'removed') await reader.addFirst([path], { path, why: `changed by ${commit.sha.slice(0, 7)}` });
    }
  }
  if (clues.symbol !== undefined) await findSymbol(reader, clues.symbol, tools, source, signal);
  return { excerpts: reader.excerpts, leftOut: reader.leftOut };
}

/** Fetches each file once, and keeps count of what may still be read. */
class Reader {
  readonly excerpts: Excerpt[] = [];
  readonly leftOut: string[] = [];
  readonly #texts = new Map<string, string | undefined>();
  readonly #fetch: (path: string) => Promise<string | undefined>;
  #characters: number;
  #reads: number;

  constructor(tools: Tools, source: Source, signal: AbortSignal, budget: Budget) {
    this.#fetch = (path) => readText(tools, source, path, signal);
    this.#characters = budget.characters ?? 60_000;
    this.#reads = budget.reads ?? 30;
  }

  async text(path: string): Promise<string | undefined> {
    if (this.#texts.has(path)) return this.#texts.get(path);
    if (this.#reads === 0) return undefined;
    this.#reads -= 1;
    const text = await this.#fetch(path);
    this.#texts.set(path, text);
    return text;
  }

  /** Adds what the first of the paths that is there says at the place. */
  async addFirst(paths: readonly string[], place: Place): Promise<void> {
    for (const path of paths) {
      const text = await this.text(path);
      if (text !== undefined) return this.add(path, text, place);
    }
    this.leftOut.push(`${place.path}: not found`);
  }

  add(path: string, text: string, { line, why }: Omit<Place, 'path'>): void {
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

const sourceFolders = new Set(['src', 'lib', 'app']);

async function findSymbol(
  reader: Reader,
  symbol: string,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<void> {
  const top = await listFolder(tools, source, '', signal);
  const files = top.filter(({ type }) => type === 'file').map(({ path }) => path);
  for (const { path } of top.filter(({ type, path }) => type === 'dir' && sourceFolders.has(path))) {
    const inside = await listFolder(tools, source, path, signal);
    files.push(...inside.filter(({ type }) => type === 'file').map((entry) => entry.path));
  }
  for (const path of files.filter((file) => pathKind(file) === 'Code')) {
    const text = await reader.text(path);
    const line = (text ?? '').split('\n').findIndex((one) => one.includes(symbol));
    if (text !== undefined && line >= 0) reader.add(path, text, { line: line + 1, why: `names ${symbol}` });
  }
}
