import { seeded } from '../random.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const figures = '0123456789';

const words =
  'amber anvil apple basil beacon bridge cactus candle canyon castle cedar cobalt copper coral cotton cricket dragon ember falcon fennel forest garden ginger glacier granite hammer harbor hazel island jasmine juniper kettle lantern lemon lilac maple marble meadow mellow mirror nutmeg olive orchid otter pebble pepper pigeon planet puzzle quartz rabbit raven ribbon river saddle saffron sparrow spruce summer thistle thunder tiger timber tulip turnip velvet violet walnut willow winter zephyr'.split(
    ' ',
  );

/** Random material of the kinds that secrets are made of; the same for the same seed. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed);
    // The first numbers of neighbouring seeds are alike.
    for (let turn = 0; turn < 8; turn += 1) this.#next();
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  pick<T>(all: readonly T[]): T {
    const one = all[this.int(0, all.length - 1)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  /** Several different ones, in their order. */
  some<T>(all: readonly T[], count: number): readonly T[] {
    const keyed = all.map((value, index) => ({ value, index, key: this.#next() }));
    const kept = keyed.toSorted((a, b) => a.key - b.key).slice(0, count);
    return kept.toSorted((a, b) => a.index - b.index).map(({ value }) => value);
  }

  of(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet.charAt(this.int(0, alphabet.length - 1))).join('');
  }

  digits(length: number): string {
    return this.of(figures, length);
  }

  hex(length: number): string {
    return this.of(`${figures}abcdef`, length);
  }

  /** Letters of both cases and figures, of each some where there is room for them. */
  base62(length: number): string {
    const rest = this.of(lower + upper + figures, Math.max(0, length - 3));
    const at = this.int(0, rest.length);
    const mixed = this.of(lower, 1) + this.of(figures, 1) + this.of(upper, 1);
    return `${rest.slice(0, at)}${mixed}${rest.slice(at)}`.slice(0, length);
  }

  alnum(length: number): string {
    return this.of(lower + figures, length);
  }

  base32(length: number): string {
    return this.of(`${upper}234567`, length);
  }

  urlSafe(length: number): string {
    return this.base62(3) + this.of(`${lower}${upper}${figures}-_`, length - 4) + this.base62(1);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.int(0, 255)));
  }

  base64(bytes: number): string {
    return this.bytes(bytes).toString('base64');
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.pick(['8', '9', 'a', 'b'])}${this.hex(3)}-${this.hex(12)}`;
  }

  word(): string {
    return this.pick(words);
  }

  /** As people make them: words, years, a sign at the end. */
  humanPassword(): string {
    const [one, two] = [this.word(), this.word()];
    return this.pick([
      () => `${capital(one)}${this.int(1990, 2029)}${this.pick(['!', '$', '#', '.', '?'])}`,
      () => `${capital(one)}${capital(two)}${this.int(10, 99)}`,
      () => `${one}-${two}-${this.word()}-${this.int(1, 99)}`,
      () => `${one.replaceAll('e', '3').replaceAll('a', '@')}${capital(two)}_${this.int(10, 999)}`,
      () => `${one}${two}${this.int(100, 9999)}`,
      () => `${capital(one)}!${this.word()}${this.int(1, 9)}&${this.of(upper, 2)}`,
    ])();
  }

  /** As machines make them. */
  machinePassword(): string {
    return this.pick([
      () => this.base62(this.int(16, 40)),
      () => this.hex(32),
      () => this.urlSafe(32),
      () => `${this.base62(7)}!${this.base62(6)}^${this.base62(5)}`,
      () => `${this.base62(5)}%${this.base62(5)}*${this.base62(4)}+${this.base62(3)}`,
    ])();
  }

  password(): string {
    return this.#next() < 0.5 ? this.humanPassword() : this.machinePassword();
  }

  /** One that stands in a URL, a shell's word or a path as it is. */
  plainPassword(): string {
    const [one, two] = [this.word(), this.word()];
    return this.pick([
      () => `${capital(one)}${capital(two)}${this.int(10, 999)}`,
      () => `${one}-${two}-${this.int(100, 999)}`,
      () => this.base62(this.int(16, 32)),
      () => this.hex(24),
      () => `${one}${this.int(1990, 2029)}${capital(two)}`,
    ])();
  }

  jwt(claims: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return [part({ alg: 'HS256', typ: 'JWT' }), part(claims), this.bytes(32).toString('base64url')].join('.');
  }
}

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
