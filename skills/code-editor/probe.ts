import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { numericSettingsFinding } from '../lib/github/numeric-finding.ts';
import type { ProbeContext } from '../skill.ts';
import { readParameters, sourceIdentity } from '../lib/github/source-node.ts';
import { recipeFindings, recipesOf } from './recipes.ts';

/** What could be edited: the numbers in the configuration files, and what the map's recipes replace. @throws ToolError when the repository cannot be read. */
export async function probe({ node, tools, signal }: ProbeContext): Promise<ProbeResult> {
  const { repository, name, ref, folder, paths } = readParameters(node.with);
  const of = { node: node.id, kind: 'code-editor.NumericSettings', folder, paths };
  const source = { repository, ref };
  const numbers = await numericSettingsFinding(of, tools, source, signal);
  const recipes = await recipeFindings(node.id, recipesOf(node.with), tools, source, signal);
  return {
    findings: [...numbers, ...recipes],
    series: [],
    changes: [],
    logTemplates: [],
    gaps: [],
    identity: sourceIdentity('code-editor', node.with) ?? name,
  };
}
