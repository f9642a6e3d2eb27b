import type { Finder, Secret } from './secret.ts';

/** Names that may tell a secret, and tell as often the name of something. The words are those of gitleaks' rule generic-api-key, and a few more. */
const name = String.raw`(?:access|auth|api|encrypt|creds?|credential|(?<!public[_-]?|websocket[_-]?)key|(?<=[?&])code|license|pass|passw(?:or)?d|psk|salt|secret|seed|session|sid|signature|(?<!page[_-]?|continu(?:e|ation)[_-]?|next[_-]?)token|webhook)`;
const separator = String.raw`(?:[ \t]{0,3}(?:\\{0,8}["'\x60])?\]?[ \t]{0,3}(?::=|={1,3}>?|:{1,2}|\|\|)|\\{0,8}["'],[ \t]{0,3}(?=\\{0,8}["'])|[ \t]{1,3}(?=\\{0,8}["']))`;
const value = String.raw`(?<value>[A-Za-z0-9+/_][\w+/.~-]{11,199}={0,2})`;

const pattern = new RegExp(
  String.raw`${name}[\w.-]{0,20}${separator}[ \t]{0,8}(?:\\{0,8}["'\x60])?${value}(?![\w+/.~-])`,
  'gid',
);

/** Values that look made by chance beside a name that may tell a secret: `creds = Zx81...`, `x-auth: k9Q...`. */
export const findRandomValues: Finder = (text) => {
  const secrets: Secret[] = [];
  // Nearly all texts have none, and looking for one costs less than for all.
  if (text.search(pattern) === -1) return secrets;
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.groups?.['value'] ?? [0, 0];
    if (looksRandom(text.slice(start, end))) secrets.push({ start, end, kind: 'secret' });
  }
  return secrets;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const licence = /^[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){3,7}$/;

/**
 * Whether a value looks made by chance. Digests and ids in hexadecimal digits do as well and are everywhere, so they do not count; nor do
 * words put together, versions, paths and host names.
 */
export function looksRandom(text: string): boolean {
  if (uuid.test(text)) return false;
  if (licence.test(text) && isMixed(text.replaceAll('-', ''))) return true;
  return text.split(/[^A-Za-z0-9]/).some((part) => part.length >= shortestPart && isMixed(part));
}

/** What is shorter may be the hash in the name of a Pod. */
const shortestPart = 12;

/** Chance goes from one kind of character to another far more often than words and numbers do. */
function isMixed(text: string): boolean {
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) return false;
  const kinds = Array.from(text, kindOf);
  const changes = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
  const all = new Set(kinds).size;
  if (all === 1) return false;
  return changes / (text.length - 1) >= leastChanges(kinds.includes('digit'), all);
}

/** Words that are put together change their case as well, and hardly have digits. */
function leastChanges(digits: boolean, kinds: number): number {
  if (!digits) return 0.5;
  return kinds === 3 ? 0.36 : 0.26;
}

function kindOf(character: string): 'digit' | 'upper' | 'lower' {
  if (character >= '0' && character <= '9') return 'digit';
  return character >= 'A' && character <= 'Z' ? 'upper' : 'lower';
}
