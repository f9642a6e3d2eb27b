import type { JsonObject } from '../../controller/api/json.ts';
import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { isDefined } from '../lib/reading.ts';
import { round } from '../lib/statistics.ts';
import type { SkillNode } from '../skill.ts';
import { findingOf } from './finding.ts';
import { type HttpParameters, httpParameters } from './parameters.ts';
import { isBadStatus, type Sample } from './sample.ts';

const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA']);
const tlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Nothing came back, which may be our own doing too. */
const silentCodes = new Set(['DialTimeout', 'ToolTimeout']);

/** From this share of the samples on it breaks whoever depends on the page. */
const criticalPercent = 20;

const mostTimes = 20;

interface Failing {
  readonly reason: string;
  readonly samples: readonly Sample[];
  readonly what: string;
}

/** What kept the samples from a good answer, a finding for each way of failing. */
export function availabilityFindings(node: SkillNode, samples: readonly Sample[]): readonly Finding[] {
  const parameters = httpParameters(node.with);
  return waysOfFailing(parameters, samples)
    .map((failing) => failingFinding(node, parameters, samples.length, failing))
    .filter(isDefined);
}

function waysOfFailing(parameters: HttpParameters, samples: readonly Sample[]): readonly Failing[] {
  const unanswered = samples.filter(({ code }) => code !== undefined);
  const isDns = ({ code = '' }: Sample): boolean => dnsCodes.has(code);
  const isTls = ({ code = '' }: Sample): boolean => tlsCode.test(code);
  const bad = samples.filter((sample) => isBadStatus(sample, parameters.expectStatus));
  const host = URL.parse(parameters.url)?.hostname ?? '';
  const good = samples.filter(({ status }) => status !== undefined).filter((sample) => !bad.includes(sample));
  return [
    { reason: 'DnsFailed', samples: unanswered.filter(isDns), what: `did not resolve the name ${host}` },
    { reason: 'TlsInvalid', samples: unanswered.filter(isTls), what: `met a certificate of ${host} that is not valid` },
    {
      reason: 'Unreachable',
      samples: unanswered.filter((one) => !isDns(one) && !isTls(one)),
      what: 'got no answer',
    },
    { reason: 'BadStatus', samples: bad, what: 'got a bad status' },
    { reason: 'BodyMismatch', samples: good.filter(({ bodyFits }) => !bodyFits), what: 'lacked the expected text' },
  ];
}

function failingFinding(
  node: SkillNode,
  { maxErrorPercent }: HttpParameters,
  count: number,
  { reason, samples, what }: Failing,
): Finding | undefined {
  const [first] = samples;
  const percent = round((samples.length / count) * 100, 1);
  if (first === undefined || percent <= maxErrorPercent) return undefined;
  const severity: Severity = percent >= criticalPercent ? 'Critical' : 'Warning';
  return findingOf(node, {
    reason,
    severity,
    summary: `${samples.length} of ${count} requests ${what}: ${distinct(samples).join(', ')}`,
    since: first.at,
    value: percent,
    threshold: maxErrorPercent,
    unit: '%',
    facts: factsOf(samples, count),
    ...(samples.length === count && samples.every(isSilent) ? { silent: true } : {}),
  });
}

function isSilent({ code = '' }: Sample): boolean {
  return silentCodes.has(code);
}

function factsOf(samples: readonly Sample[], count: number): JsonObject {
  const reasons = [...new Set(samples.flatMap(({ reason }) => reason ?? []))];
  return {
    samples: count,
    failed: samples.length,
    answers: Object.fromEntries([...Map.groupBy(samples, wordOf)].map(([word, group]) => [word, group.length])),
    reasons: reasons.slice(0, 3).map((reason) => reason.slice(0, 200)),
    times: samples.slice(0, mostTimes).map(({ at }) => at.toISOString()),
  };
}

function distinct(samples: readonly Sample[]): readonly string[] {
  return [...new Set(samples.map(wordOf))].toSorted();
}

function wordOf({ status, code }: Sample): string {
  return code ?? String(status);
}
