import type { Result } from './bench.ts';

export function asText(result: Result): string {
  const { about, alerts, unmatched, services, neighbourhoods, seconds, kills, ends, codes } = result;
  const { sessions, duplicates, precision, recall, lost, stale, peakMiB } = result;
  const answers = Object.entries(codes)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([code, count]) => `${count} x ${code}`);
  return [
    ...about,
    '',
    `${alerts} alerts over ${services} services in ${neighbourhoods} neighbourhoods, ${unmatched} of them about no map; the operator was killed ${kills} times, and ended by itself ${ends} times`,
    `sessions    ${sessions}, and ${duplicates} folded into them   (aim: ${neighbourhoods})`,
    `precision   ${precision.toFixed(4)} of pairs of alerts in one session are of one neighbourhood`,
    `recall      ${recall.toFixed(4)} of pairs of one neighbourhood are in one session`,
    `lost        ${lost} alerts; ${stale} ends of alerts not noted`,
    `webhooks    ${answers.join(', ')}`,
    `time        ${seconds.toFixed(0)} s from the first alert to the last answer`,
    `memory      ${peakMiB.toFixed(0)} MiB at most, of the operator`,
  ].join('\n');
}
