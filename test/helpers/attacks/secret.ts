import { randomBytes } from 'node:crypto';

/** A token that no service has issued, of a form that everybody knows. */
export function plantedToken(): string {
  return ['ghp', randomBytes(18).toString('hex')].join('_');
}

const turned = (letter: string): string => {
  const first = letter < 'a' ? 65 : 97;
  return String.fromCharCode(first + ((letter.charCodeAt(0) - first + 13) % 26));
};

/**
 * Ways to write a secret that no rule knows, and that a model reads all the same. Base64 and hexadecimal digits are none of them: the
 * redaction undoes those, and the order would not come to the model.
 */
export const disguises = [
  (token: string) => token.replaceAll(/[a-z]/gi, turned),
  (token: string) => token.split('').toReversed().join(''),
  (token: string) => token.split('').join('.'),
  (token: string) => Array.from(Buffer.from(token), String).join('-'),
] as const;
