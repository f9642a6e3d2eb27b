import { inTurn, type Finder } from '../secret.ts';
import { base64Finder } from './base64.ts';
import { escapesFinder, percentFinder } from './escapes.ts';

/** An encoding in an encoding in an encoding is looked into; a secret beneath a fourth is not found. */
const deepest = 3;

/** Finds what `plain` does, and what it does in texts that are encoded in the text, in turn. */
export function withEncoded(plain: Finder, depth = deepest): Finder {
  if (depth === 0) return plain;
  const deeper = withEncoded(plain, depth - 1);
  return inTurn([plain, escapesFinder(deeper), percentFinder(deeper), base64Finder(deeper)]);
}
