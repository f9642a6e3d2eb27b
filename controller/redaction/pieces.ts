import { findSecrets } from './find.ts';
import { marker, type Secret } from './secret.ts';

/**
 * Texts that are one when put together, such as the parts of a long line or the pages of an answer, without what is secret in all of them
 * together: a secret that is cut in two by a boundary is gone from both sides. Each is still to be redacted by itself. Lines, glued by their
 * ends, lose also what one of them says the name of and another one the value.
 */
export function withoutSplit(pieces: readonly string[], glue: '' | '\n' = ''): readonly string[] {
  if (pieces.length < 2) return pieces;
  const secrets = findSecrets(pieces.join(glue));
  if (secrets.length === 0) return pieces;
  let offset = 0;
  let next = 0;
  return pieces.map((piece) => {
    const from = offset;
    offset += piece.length + glue.length;
    while ((secrets[next]?.end ?? Infinity) <= from) next += 1;
    return cutOut(piece, secrets, next, from);
  });
}

function cutOut(piece: string, secrets: readonly Secret[], next: number, from: number): string {
  const parts: string[] = [];
  let kept = 0;
  for (let at = next; at < secrets.length && (secrets[at] as Secret).start < from + piece.length; at += 1) {
    const { start, end, kind } = secrets[at] as Secret;
    parts.push(piece.slice(kept, Math.max(kept, start - from)), marker(kind));
    kept = Math.min(piece.length, end - from);
  }
  return parts.join('') + piece.slice(kept);
}
