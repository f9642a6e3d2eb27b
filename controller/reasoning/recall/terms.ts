/** Names and words: what separators hold together (`shop/db`, `postgres.BlockedSessions`) is one match. */
const chunks = /[\p{L}\p{N}]+(?:[./_-][\p{L}\p{N}]+)*/gu;
const humps = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu;

/** Words that are in every text and tell nothing of it. */
const common = new Set(
  'a an and are as at be been but by for from had has have if in into is it its no not of on or so than that the their then there these they this to was were when which will with'.split(
    ' ',
  ),
);

/**
 * The terms of a text in lower case, as texts are indexed and looked for: each word, and a name both whole and in its words, so that a
 * kind of finding meets the prose that speaks of it. Numbers are left out: they seldom come again.
 */
export function termsOf(text: string): string[] {
  return (text.match(chunks) ?? []).flatMap((chunk) => {
    const words = chunk.match(humps) ?? [];
    return (words.length > 1 ? [chunk, ...words] : [chunk]).map((word) => word.toLowerCase()).filter(tells);
  });
}

function tells(term: string): boolean {
  return term.length > 1 && !common.has(term) && /\p{L}/u.test(term);
}

const mostTerms = 120;

/** Each term once, the first ones: what is said often in a question counts no more for it. */
export function distinctTerms(texts: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) for (const term of termsOf(text)) found.add(term);
  return [...found].slice(0, mostTerms);
}
