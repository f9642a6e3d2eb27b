import type { ProbeResult } from '../../../controller/evidence/finding.ts';
import { worstOf } from '../../../controller/evidence/health.ts';
import { round } from '../statistics.ts';
import type { Check, CheckContext, CheckResult, ProbeContext } from '../../skill.ts';

const name = 'server-well';

/** Memory, clients, replication and counters are as they should be now, and no command of the window was slow. */
export function serverWell(probe: (context: ProbeContext) => Promise<ProbeResult>): Check {
  return { name, run: async (context) => verdictOn(context, await probe(context)) };
}

function verdictOn({ node }: CheckContext, { findings, series }: ProbeResult): CheckResult {
  const wrong = findings.filter(({ severity }) => severity !== 'Info');
  const figures = series
    .map(({ name: of, unit, points }) => `${of} ${round(points.at(-1)?.[1] ?? 0, 1)} ${unit}`)
    .join(', ');
  return {
    name,
    node: node.id,
    verdict: wrong.length === 0 ? 'Pass' : 'Fail',
    summary: worstOf(wrong)?.summary ?? `nothing is wrong: ${figures}`,
    value: wrong.length,
    threshold: 0,
    unit: 'findings',
  };
}
