/** Names whose values are never shown, stored or proposed: they are restored by reference to where they stand. */
const secretName =
  /pass(word|wd|phrase)?|secret|token|api[-_]?key|private[-_]?key|credential|access[-_]?key|signature|salt|auth/i;

/** Values that carry a secret whatever their name is: user information in a URL, a key's header, a long opaque word. */
const secretValue = [
  /\/\/[^/\s:@]*:[^/\s@]+@/,
  /-----BEGIN /,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_=-]{32,}$/,
  /^AKIA[0-9A-Z]{16}$/,
];

/** What stands in the place of a value that must not be shown. */
export const redacted = '[REDACTED]';

export function isSecretLike(name: string, value: string): boolean {
  return secretName.test(name) || value === redacted || secretValue.some((pattern) => pattern.test(value));
}

export function shownValue(name: string, value: string): string {
  return isSecretLike(name, value) ? redacted : value;
}
