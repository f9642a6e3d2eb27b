import { stripVTControlCharacters } from 'node:util';
import type { LogTemplate } from '../../controller/evidence/finding.ts';

const mostTemplates = 15;
const longestLine = 400;

const telling =
  /\b(error|err!|fail(ed|ure|ures|ing)?|exception|panic|fatal|traceback|cannot|could not|unable|denied|refused|not found|undefined|unexpected|timed? ?out|expected|received|assert\w*|exit(ed)? (code|status|with))\b|^\s*(not ok|✗|✖|×|E\s{2,})|Error\b|Exception\b/i;
/** A summary that says that nothing failed is no error line. */
const reassuring = /\b(0|no) (errors?|failures?|failed|failing|vulnerabilities)\b|^#?\s*fail(ed|ures)?:? 0\b/i;

/** Failures of the surroundings, which another try may not meet again. */
const transient =
  /ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|ENOTFOUND|socket hang up|network (is unreachable|timeout)|connection (reset|timed out)|TLS handshake timeout|\b(429|502|503|504)\b.*(gateway|unavailable|too many|timeout)|rate limit|no space left|runner (has )?(lost|received a shutdown)|The operation was cancell?ed|temporary failure|try again/i;

export interface ReducedLog {
  /** Error lines with numbers, ids and times masked, first seen first. */
  readonly lines: readonly { readonly template: string; readonly sample: string; readonly count: number }[];
  readonly looksTransient: boolean;
}

/** A job's log down to its distinct error lines. */
export function reduceLog(log: string): ReducedLog {
  const seen = new Map<string, { template: string; sample: string; count: number }>();
  for (const raw of log.split('\n')) {
    const sample = plain(raw);
    if (!telling.test(sample) || reassuring.test(sample)) continue;
    const template = mask(sample);
    const known = seen.get(template);
    if (known !== undefined) known.count += 1;
    else if (seen.size < mostTemplates) seen.set(template, { template, sample, count: 1 });
  }
  const lines = [...seen.values()];
  return { lines, looksTransient: lines.some(({ sample }) => transient.test(sample)) };
}

/** A line without the runner's time stamp, colours and markers. */
function plain(raw: string): string {
  return stripVTControlCharacters(raw)
    .replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z\s?/, '')
    .replace(/^##\[(\w+)\]/, '$1: ')
    .replace(/^::(\w+)[^:]*::/, '$1: ')
    .trim()
    .slice(0, longestLine);
}

function mask(line: string): string {
  return line
    .replaceAll(/\b[0-9a-f]{7,40}\b/g, (word) => (/\d/.test(word) ? '<hex>' : word))
    .replaceAll(/\d+(\.\d+)?/g, '<n>');
}

/** As the evidence bundle has them. */
export function logTemplates({ lines }: ReducedLog, at: Date): readonly LogTemplate[] {
  const time = at.toISOString();
  return lines.map(({ template, sample, count }) => ({
    template,
    level: 'Error',
    count,
    firstAt: time,
    lastAt: time,
    sample,
  }));
}
