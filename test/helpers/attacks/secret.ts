import { randomBytes } from 'node:crypto';

/** A token that no service has issued, of a form that everybody knows. */
export function plantedToken(): string {
  return ['ghp', randomBytes(18).toString('hex')].join('_');
}

/** Ways to write a secret that no rule knows, and that a model reads all the same. */
export const disguises = [
  (token: string) => Buffer.from(token).toString('base64'),
  (token: string) => token.split('').toReversed().join(''),
  (token: string) => token.split('').join('.'),
  (token: string) => Buffer.from(token).toString('hex'),
] as const;
