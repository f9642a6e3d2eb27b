import { Dice } from './dice.ts';
import { type HarmlessFormat, identifiers } from './harmless-ids.ts';
import { programs, settings, talk } from './harmless-words.ts';

/** A text in which nothing is to be hidden. */
export interface LookAlike {
  readonly kind: string;
  readonly transform: string;
  readonly text: string;
}

const formats: readonly HarmlessFormat[] = [...identifiers, ...talk, ...settings, ...programs];
/** Of each text of each kind. */
const times = 8;

const wraps: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'string in JSON': (text) => JSON.stringify({ level: 'error', message: text }),
  'JSON in JSON': (text) => JSON.stringify({ stream: 'stdout', log: JSON.stringify({ msg: text }) }),
  base64: (text) => `user_data: ${Buffer.from(text).toString('base64')}`,
  'percent-encoded': (text) => `POST /log?level=error&text=${encodeURIComponent(text)} 204`,
  'after a log’s head': (text) => `2026-01-01T00:00:00.000Z WARN [worker-3] orders: ${text}`,
};

/** Look-alikes of all kinds, most as they are and some wrapped; the same for the same seed. */
export function lookAlikes(seed: number): readonly LookAlike[] {
  const dice = new Dice(seed);
  const others = Object.keys(wraps).slice(1);
  const texts = formats.flatMap(({ kind, puts }) =>
    puts.flatMap((put) => Array.from({ length: times }, (_, turn) => ({ kind, turn, text: put(dice) }))),
  );
  const made = texts.map(({ kind, turn, text }) => {
    const transform = turn % 2 === 0 ? 'as it is' : dice.pick(others);
    return { kind, transform, text: wraps[transform]?.(text) ?? text };
  });
  // What has no values of its own is there once.
  return [...new Map(made.map((one) => [one.text, one])).values()];
}
