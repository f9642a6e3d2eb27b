import type { Finding } from '../../controller/evidence/finding.ts';
import { objectOf, textOf, timeOf } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import { secondsBetween } from '../lib/time.ts';
import type { ProbeContext } from '../skill.ts';
import { findingOf } from './finding.ts';
import { httpParameters } from './parameters.ts';

export const certificateTool = 'tls_certificate';

const secondsADay = 86_400;

/** Is the certificate about to run out? Nothing for plain HTTP. @throws ToolError */
export async function certificateFindings(context: ProbeContext): Promise<readonly Finding[]> {
  const { node, tools, clock, signal } = context;
  const { url, tlsDays, timeoutMs } = httpParameters(node.with);
  const target = URL.parse(url);
  if (target?.protocol !== 'https:') return [];
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const args = { host, port: Number(target.port || 443), timeoutMs };
  const certificate = objectOf(await tools.call(certificateTool, args, signal));
  const validTo = timeOf(certificate['validTo']);
  const now = clock.now();
  if (validTo === undefined || secondsBetween(now, validTo) >= tlsDays * secondsADay) return [];
  const days = round(secondsBetween(now, validTo) / secondsADay, 1);
  return [
    findingOf(node, {
      reason: 'TlsExpiresSoon',
      severity: days <= 0 ? 'Critical' : 'Warning',
      summary: `the certificate of ${host} ${days <= 0 ? 'ran' : 'runs'} out on ${validTo.toISOString()}`,
      // When it ran out, or when too little of it was left.
      since: days <= 0 ? validTo : new Date(validTo.getTime() - tlsDays * secondsADay * 1000),
      value: days,
      threshold: tlsDays,
      unit: 'days',
      facts: { validTo: validTo.toISOString(), subject: textOf(certificate['subject']) ?? '' },
    }),
  ];
}
