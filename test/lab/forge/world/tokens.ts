import { randomBytes } from 'node:crypto';

/** What a token may do: read; write as well; or push to protected branches too, as an administrator may. */
export type Scope = 'read' | 'write' | 'admin';

export interface TokenOptions {
  readonly login: string;
  readonly scope: Scope;
  /** Full names of the repositories that it may see; all of them without it. */
  readonly repositories?: readonly string[];
}

export class Tokens {
  readonly #byValue = new Map<string, TokenOptions>();

  add(options: TokenOptions): string {
    const value = `ghp_${randomBytes(18).toString('hex')}`;
    this.#byValue.set(value, options);
    return value;
  }

  find(value: string): TokenOptions | undefined {
    return this.#byValue.get(value);
  }

  get logins(): ReadonlySet<string> {
    return new Set([...this.#byValue.values()].map(({ login }) => login));
  }
}

export function maySee(token: TokenOptions, fullName: string): boolean {
  return token.repositories?.includes(fullName) ?? true;
}

/** The token in an Authorization header: `Bearer T`, `token T`, or the password of `Basic`, which is how git sends it. */
export function tokenIn(authorization: string | undefined): string | undefined {
  const [scheme = '', rest = ''] = (authorization ?? '').split(' ', 2);
  if (/^(bearer|token)$/i.test(scheme)) return rest;
  if (!/^basic$/i.test(scheme)) return undefined;
  const [user = '', password = ''] = Buffer.from(rest, 'base64').toString('utf8').split(':', 2);
  return password === '' || password === 'x-oauth-basic' ? user : password;
}
