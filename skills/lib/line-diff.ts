const contextLines = 3;

/** A readable diff of one file: one hunk from its first changed line to its last, as `diff -u` would show it. Null: no file. */
export function lineDiff(path: string, before: string | null, after: string | null): string {
  const old = linesOf(before);
  const now = linesOf(after);
  if (before === after) return '';
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < old.length - same && tail < now.length - same && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const from = Math.max(0, same - contextLines);
  const following = Math.min(tail, contextLines);
  const hunk = [
    ...old.slice(from, same).map((line) => ` ${line}`),
    ...old.slice(same, old.length - tail).map((line) => `-${line}`),
    ...now.slice(same, now.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - tail + following).map((line) => ` ${line}`),
  ];
  const span = (lines: readonly string[]): string => `${from + 1},${lines.length - tail + following - from}`;
  const header = [
    `--- ${before === null ? '/dev/null' : `a/${path}`}`,
    `+++ ${after === null ? '/dev/null' : `b/${path}`}`,
  ];
  return [...header, `@@ -${span(old)} +${span(now)} @@`, ...hunk].join('\n');
}

function linesOf(text: string | null): readonly string[] {
  if (text === null || text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}
