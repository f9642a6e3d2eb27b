import type { Json } from '../../../controller/api/json.ts';

const mostLines = 20;
const longest = 300;

/** An icon that every browser asks for by itself is no part of the page. */
const unasked = /\/favicon\.ico(?:$|[\s?:])/;

/**
 * The errors in an answer of `browser_console_messages`: an entry begins with its level, or is an uncaught exception with its stack. What
 * the browser itself says of requests that failed is left to the list of requests.
 */
export function consoleErrorsIn(answer: Json): readonly string[] {
  return bodyLines(answer)
    .filter((line) => !/^\s|^Total messages:|^\[(?:WARNING|INFO|LOG|DEBUG)\]/.test(line))
    .filter((line) => !/Failed to load resource|net::ERR_/.test(line))
    .map((line) => line.replace(/^\[ERROR\] /, '').slice(0, longest))
    .slice(0, mostLines);
}

/** The requests of an answer of `browser_network_requests` that got no answer, or one of 400 and above. */
export function failedRequestsIn(answer: Json, methods: readonly string[] | undefined): readonly string[] {
  return bodyLines(answer)
    .flatMap((line) => {
      const [, method = '', url = '', end = '', words = ''] =
        /^\d+\. \[(\w+)\] (\S+) => \[(\w+)\] ?(.*)$/.exec(line) ?? [];
      const isFailed = end !== '' && !(Number(end) < 400) && !unasked.test(url);
      if (!isFailed || methods?.includes(method) === false) return [];
      return [`${method} ${url} ${end === 'FAILED' ? words : end}`.slice(0, longest)];
    })
    .slice(0, mostLines);
}

/** The lines of what was asked for; where the page has changed since the last call, the answer tells of that in sections of its own. */
function bodyLines(answer: Json): readonly string[] {
  const text = typeof answer === 'string' ? answer : '';
  const sections = text.split(/^(?=### )/m).filter((one) => !/^### (?!Result\n)/.test(one));
  return sections.flatMap((one) => one.split('\n')).filter((line) => line !== '' && !line.startsWith('###'));
}
