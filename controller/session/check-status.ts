import type { CheckResult } from '../../skills/skill.ts';
import { told } from './told.ts';

/** A check's result as a status has it, in the CRD's bounds: a status that is refused would hold the session up. */
export function checkStatus({
  name,
  node,
  verdict,
  summary,
}: CheckResult): Pick<CheckResult, 'name' | 'node' | 'verdict' | 'summary'> {
  return { name: name.slice(0, 100), node: node.slice(0, 130), verdict, summary: told(summary, 500) };
}
