import { createHash } from 'node:crypto';
import { redact } from '../../../redaction/redact.ts';

/**
 * Text from outside, between two lines that it cannot hold: they carry a digest of the text itself. What only looks like such
 * a line is broken up.
 */
export function fenced(label: string, text: string): string {
  // What is asked is redacted where it is read; this is the last place before it leaves.
  const harmless = redact(text).replaceAll(/<<<(?=(?:DATA|END)\b)/g, '<<\\<');
  const id = createHash('sha256').update(`${label}\n${harmless}`).digest('hex').slice(0, 16);
  return `<<<DATA ${id} ${label}>>>\n${harmless}\n<<<END ${id}>>>`;
}
