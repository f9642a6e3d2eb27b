import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { numericSettingsFinding } from '../lib/github/numeric-finding.ts';
import { readParameters, sourceIdentity } from '../lib/github/source-node.ts';
import type { ProbeContext } from '../skill.ts';

/** What the configuration files say in numbers. @throws ToolError when the repository cannot be read. */
export async function probe({ node, tools, signal }: ProbeContext): Promise<ProbeResult> {
  const { repository, name, ref, folder, paths } = readParameters(node.with);
  const of = { node: node.id, kind: 'code-reader.NumericSettings', folder, paths };
  const findings = await numericSettingsFinding(of, tools, { repository, ref }, signal);
  const identity = sourceIdentity('code-reader', node.with) ?? name;
  return { findings, series: [], changes: [], logTemplates: [], gaps: [], identity };
}
