import type { Readable } from 'node:stream';

/** What CloudWatch Logs takes as one event, less its overhead. */
const longestLine = 256 * 1024 - 26;

/** Calls back for each line of a stream; an overlong one comes in pieces, and what is after the last line break at its end. */
export function onLines(stream: Readable, tell: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line.endsWith('\r') ? line.slice(0, -1) : line);
    while (rest.length > longestLine) {
      tell(rest.slice(0, longestLine));
      rest = rest.slice(longestLine);
    }
  });
  stream.on('close', () => {
    if (rest !== '') tell(rest);
    rest = '';
  });
}
