import type { Judgement } from './judge.ts';
import type { Problem } from './problem.ts';

/** As compilers say it, a line a problem. */
export function asText({ file, line, column, severity, ...rest }: Problem): string {
  return plain(`${file}:${line}:${column}: ${severity.toLowerCase()}: ${wordsOf(rest)}`);
}

/** A command of a GitHub workflow, which shows it beside the line. */
export function asWorkflowCommand({ file, line, column, severity, object, ...rest }: Problem): string {
  const title = object === undefined ? '' : `,title=${property(object)}`;
  const place = `file=${property(file)},line=${line},col=${column}${title}`;
  return `::${severity.toLowerCase()} ${place}::${data(wordsOf(rest))}`;
}

function wordsOf({ field = '', message }: Pick<Problem, 'field' | 'message'>): string {
  return field === '' ? message : `${field}: ${message}`;
}

/** `2 errors, 1 warning in 5 objects of 3 files; 12 others passed over` */
export function summaryOf({ files, objects, skipped, problems }: Judgement): string {
  const errors = problems.filter(({ severity }) => severity === 'Error').length;
  const found = [count(errors, 'error'), count(problems.length - errors, 'warning')].join(', ');
  const others = skipped === 0 ? '' : `; ${count(skipped, 'other')} passed over`;
  return `${found} in ${count(objects, 'object')} of ${count(files, 'file')}${others}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What stands in a file must not steer a terminal, and a problem is one line. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** Source: GitHub's workflow commands; these are their escapes. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
