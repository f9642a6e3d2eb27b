import { worstOf } from '../../controller/evidence/health.ts';
import type { Check, CheckContext, CheckResult } from '../skill.ts';
import { probe } from './probe.ts';

/** Memory, clients, replication and counters are as they should be now, and no command of the window was slow. */
export const serverWell: Check = { name: 'server-well', run };

async function run(context: CheckContext): Promise<CheckResult> {
  const { findings, series } = await probe(context);
  const wrong = findings.filter(({ severity }) => severity !== 'Info');
  const figures = series.map(({ name, unit, points }) => `${name} ${points[0]?.[1] ?? 0} ${unit}`).join(', ');
  return {
    name: serverWell.name,
    node: context.node.id,
    verdict: wrong.length === 0 ? 'Pass' : 'Fail',
    summary: worstOf(wrong)?.summary ?? `nothing is wrong: ${figures}`,
    value: wrong.length,
    threshold: 0,
    unit: 'findings',
  };
}
