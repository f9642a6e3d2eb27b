const longest = 2_000;

/** Words of a system, as they may stand in an error, a log line or a condition: bounded. */
export function failureText(words: string): string {
  return words.slice(0, longest);
}
