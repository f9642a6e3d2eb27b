import type { Dice } from './dice.ts';
import type { Specimen } from './specimen.ts';

/** A secret on its way: a text, or strings that come one after the other. */
export interface Case {
  readonly kind: string;
  readonly where: string;
  readonly transform: string;
  /** One text, or the texts of events that follow each other. */
  readonly given: string | readonly string[];
  /** The secret, in the pieces that it came in. */
  readonly pieces: readonly string[];
}

type Transform = (specimen: Specimen, dice: Dice) => Pick<Case, 'given' | 'pieces'> | undefined;

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const inBrackets = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Where the secret begins in the text, and where that share of it ends; undefined where it stands nowhere as one string. */
function cutAt({ text, secret }: Specimen, share: number): readonly [number, number] | undefined {
  const start = text.indexOf(secret);
  return start < 0 ? undefined : [start, start + Math.max(6, Math.ceil(secret.length * share))];
}

function inTwo(
  specimen: Specimen,
  dice: Dice,
  join: (head: string, tail: string) => Case['given'],
): ReturnType<Transform> {
  const share = dice.int(35, 65) / 100;
  const cut = cutAt(specimen, share);
  if (cut === undefined || specimen.secret.length < 12) return undefined;
  const [start, end] = cut;
  const { text, secret } = specimen;
  const head = secret.slice(0, end - start);
  const tail = secret.slice(end - start);
  if (tail.length < 6) return undefined;
  return { given: join(text.slice(0, end), text.slice(end)), pieces: [head, tail] };
}

const whole = (given: string, { secret, lines = [secret] }: Specimen): ReturnType<Transform> => ({
  given,
  pieces: lines,
});

export const transforms: Readonly<Record<string, Transform>> = {
  'as it is': (specimen) => whole(specimen.text, specimen),
  base64: (specimen) => whole(`user_data: ${b64(specimen.text)}\n`, specimen),
  'base64 for URLs': (specimen) =>
    whole(`GET /next?state=${Buffer.from(specimen.text).toString('base64url')} 302`, specimen),
  'base64 over lines': (specimen) => {
    const lines =
      b64(`# written by the installer of the orders service, do not edit\n${specimen.text}`).match(/.{1,76}/g) ?? [];
    return whole(`Content-Transfer-Encoding: base64\r\n\r\n${lines.join('\r\n')}\r\n`, specimen);
  },
  'base64 in JSON': (specimen) =>
    whole(JSON.stringify({ file: 'settings', encoding: 'base64', content: b64(specimen.text) }), specimen),
  'base64 of an environment file': (specimen) =>
    whole(`data:\n  .env: ${b64(`LOG_LEVEL=info\n${specimen.text}\nPORT=8080\n`)}\n`, specimen),
  'percent-encoded': (specimen) =>
    whole(`POST /log?level=error&text=${encodeURIComponent(specimen.text)} 204`, specimen),
  'body of a form': (specimen) =>
    whole(`level=error&text=${encodeURIComponent(specimen.text).replaceAll('%20', '+')}&n=1`, specimen),
  'string in JSON': (specimen) => whole(JSON.stringify({ level: 'error', message: specimen.text }), specimen),
  'JSON in JSON': (specimen) =>
    whole(JSON.stringify({ stream: 'stdout', log: JSON.stringify({ level: 'error', msg: specimen.text }) }), specimen),
  'JSON in JSON in JSON': (specimen) =>
    whole(JSON.stringify({ message: JSON.stringify({ log: JSON.stringify({ msg: specimen.text }) }) }), specimen),
  'signs escaped': (specimen) =>
    whole(`{"message":"${specimen.text.replaceAll(/[^A-Za-z0-9 ]/g, hexEscape)}"}`, specimen),
  'all escaped': (specimen) => whole(`{"message":"${specimen.text.replaceAll(/[^]/g, hexEscape)}"}`, specimen),
  'partial lines of a container log': (specimen, dice) =>
    inTwo(specimen, dice, (head, tail) => `${stamped(head, 'P')}\n${stamped(tail, 'F')}\n`),
  'JSON lines of a container log': (specimen, dice) =>
    inTwo(specimen, dice, (head, tail) =>
      [head, tail]
        .map((log) => `{"log":"${inBrackets(log)}","stream":"stdout","time":"2026-01-01T00:00:00Z"}`)
        .join('\n'),
    ),
  'broken line': (specimen, dice) => inTwo(specimen, dice, (head, tail) => `${head}\n${tail}`),
  'continued line': (specimen, dice) => inTwo(specimen, dice, (head, tail) => `${head}\\\n${tail}`),
  'two events': (specimen, dice) => inTwo(specimen, dice, (head, tail) => [head, tail]),
  'an event a line': ({ text, secret, lines = [secret] }) => {
    const events = text.split('\n').filter((line) => line !== '');
    return events.length < 3 ? undefined : { given: events, pieces: lines };
  },
  'cut at the end': (specimen, dice) => cutOff(specimen, dice, ''),
  'cut with dots': (specimen, dice) => cutOff(specimen, dice, '...'),
  'beginning cut': ({ text, lines = [] }) => {
    // Where it ends says what it was.
    if (!text.startsWith('-----') || lines.length < 6) return undefined;
    const from = text.indexOf(lines[2] ?? '');
    return { given: `\u2026${text.slice(from)}`, pieces: lines.slice(2) };
  },
};

function hexEscape(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function stamped(text: string, flag: 'P' | 'F'): string {
  return `2026-01-01T00:00:00.000000000Z stdout ${flag} ${text}`;
}

function cutOff(specimen: Specimen, dice: Dice, mark: string): ReturnType<Transform> {
  const cut = cutAt(specimen, dice.int(60, 85) / 100);
  if (cut === undefined) return cutKey(specimen, mark);
  const [start, end] = cut;
  const kept = specimen.text.slice(start, end);
  return { given: `${specimen.text.slice(0, end)}${mark}`, pieces: [kept] };
}

/** Of a secret over many lines some lines are left. */
function cutKey({ text, lines = [] }: Specimen, mark: string): ReturnType<Transform> {
  const last = Math.floor(lines.length * 0.7);
  const end = text.indexOf(lines[last] ?? '') + 20;
  return { given: `${text.slice(0, end)}${mark}`, pieces: lines.slice(0, last) };
}
