import { outputOf, piecesComeOut } from './judge.ts';
import { stringsIn } from './strings-in.ts';
import type { Case } from './transforms.ts';

/** What was planted and what of it came out, by the way that it came out by. */
export class Figures {
  readonly #ways = new Map<string, { planted: number; readonly leaked: Case[] }>();

  /** Looks for these in what left by one way, whatever shape it has. */
  judge(way: string, left: unknown, planted: readonly Case[]): void {
    const output = outputOf(stringsIn(left));
    const tally = this.#ways.get(way) ?? { planted: 0, leaked: [] };
    this.#ways.set(way, tally);
    tally.planted += planted.length;
    tally.leaked.push(...planted.filter(({ pieces }) => piecesComeOut(output, pieces)));
  }

  /** Causes, not cases: each kind with the transforms in which it came out. */
  leaks(way: string): readonly string[] {
    const leaked = this.#ways.get(way)?.leaked ?? [];
    return counted(leaked.map(({ kind, transform }) => `${kind}: ${transform}`));
  }

  leaked(way: string): number {
    return this.#ways.get(way)?.leaked.length ?? 0;
  }

  planted(way: string): number {
    return this.#ways.get(way)?.planted ?? 0;
  }

  /** A line for each way. */
  lines(): readonly string[] {
    return [...this.#ways].map(([way, { planted, leaked }]) => `${way}: ${planted} planted, ${leaked.length} came out`);
  }
}

/** Each once, with how often it is there; the most frequent first. */
export function counted(words: readonly string[]): readonly string[] {
  const groups = [...Map.groupBy(words, (word) => word)].map(([word, all]) => ({ word, count: all.length }));
  return groups.toSorted((a, b) => b.count - a.count).map(({ word, count }) => `${count} × ${word}`);
}
