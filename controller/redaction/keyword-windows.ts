/** A stretch of text in which a rule may match. */
export type Window = readonly [start: number, end: number];

/** How far a match may begin before its keyword, and how much of the text behind it is looked at at first. */
const before = 320;
const after = 640;

const symbols = 64;
/** Letters without case, digits and the signs that keywords are made of; all else is one symbol. */
const symbolOf = new Uint8Array(128);
for (const [index, character] of Array.from(
  'abcdefghijklmnopqrstuvwxyz0123456789_-.~<>=:/@\' "%+,;|(){}[]$*',
).entries()) {
  symbolOf[character.charCodeAt(0)] = index + 1;
  symbolOf[character.toUpperCase().charCodeAt(0)] = index + 1;
}

/**
 * Finds in one pass over a text where each of many rules has to be tried: around its keywords, compared without case. An automaton of
 * Aho and Corasick (1975) over all keywords, as a table.
 */
export class KeywordWindows {
  readonly #next: Uint16Array;
  /** By state: the rules of the keywords that end here. */
  readonly #rules: readonly (readonly number[] | undefined)[];

  /** @param keywords of each rule; a rule without any is never tried. */
  constructor(keywords: readonly (readonly string[])[]) {
    const trie = new Trie();
    for (const [rule, own] of keywords.entries()) for (const keyword of own) trie.add(keyword, rule);
    ({ next: this.#next, rules: this.#rules } = trie.automaton());
  }

  /** By rule. */
  in(text: string): ReadonlyMap<number, readonly Window[]> {
    const windows = new Map<number, [number, number][]>();
    const next = this.#next;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      state = next[state * symbols + (code < 128 ? (symbolOf[code] as number) : 0)] as number;
      const rules = this.#rules[state];
      if (rules !== undefined) for (const rule of rules) widen(windows, rule, at, text.length);
    }
    return windows;
  }
}

function widen(windows: Map<number, [number, number][]>, rule: number, at: number, length: number): void {
  const own = windows.get(rule);
  const start = Math.max(0, at - before);
  const end = Math.min(length, at + after);
  const last = own?.at(-1);
  if (own === undefined) windows.set(rule, [[start, end]]);
  else if (last !== undefined && start <= last[1]) last[1] = end;
  else own.push([start, end]);
}

interface State {
  readonly children: Map<number, number>;
  readonly rules: Set<number>;
}

class Trie {
  readonly #states: State[] = [{ children: new Map(), rules: new Set() }];

  add(keyword: string, rule: number): void {
    let at = 0;
    for (const character of keyword) {
      const symbol = symbolOf[character.charCodeAt(0)] ?? 0;
      if (symbol === 0) throw new TypeError(`a keyword cannot hold ${character}`);
      at = this.#child(at, symbol);
    }
    this.#states[at]?.rules.add(rule);
  }

  #child(at: number, symbol: number): number {
    const { children } = this.#states[at] as State;
    const child = children.get(symbol) ?? this.#states.length;
    if (child === this.#states.length) this.#states.push({ children: new Map(), rules: new Set() });
    children.set(symbol, child);
    return child;
  }

  /** Breadth first: where a state has no child for a symbol it goes where its longest proper suffix goes. */
  automaton(): { next: Uint16Array; rules: (readonly number[] | undefined)[] } {
    const next = new Uint16Array(this.#states.length * symbols);
    const suffixes: number[] = [0];
    const waiting = [0];
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      const { children, rules } = this.#states[at] as State;
      const suffix = suffixes[at] ?? 0;
      for (const rule of at === 0 ? [] : (this.#states[suffix]?.rules ?? [])) rules.add(rule);
      for (let symbol = 0; symbol < symbols; symbol += 1) {
        const fallback = at === 0 ? 0 : (next[suffix * symbols + symbol] ?? 0);
        const child = children.get(symbol);
        next[at * symbols + symbol] = child ?? fallback;
        if (child === undefined) continue;
        suffixes[child] = fallback;
        waiting.push(child);
      }
    }
    return { next, rules: this.#states.map(({ rules }) => (rules.size === 0 ? undefined : [...rules])) };
  }
}
