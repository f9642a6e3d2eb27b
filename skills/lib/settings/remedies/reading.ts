import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import type { NumericSetting } from '../../github/numeric-finding.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../../reading.ts';
import type { ProposedFix } from '../../../skill.ts';

/** Where the numbers of the configuration are told. */
export const settingsKinds = ['code-editor.NumericSettings', 'code-reader.NumericSettings'];

/** The numeric settings that the unit's findings tell, each once. */
export function settingsOf(findings: readonly Finding[]): readonly NumericSetting[] {
  const told = findings.filter(({ kind }) => settingsKinds.includes(kind));
  const all = told.flatMap(({ facts }) => listOf(objectOf(facts)['settings']).map((one) => settingOf(objectOf(one))));
  const byKey = new Map(all.filter(isDefined).map((setting) => [`${setting.path}#${setting.key}`, setting]));
  return [...byKey.values()];
}

function settingOf(one: JsonObject): NumericSetting | undefined {
  const path = textOf(one['path']);
  const key = textOf(one['key']);
  const value = numberOf(one['value']);
  const affects = textOf(one['affects']);
  if (path === undefined || key === undefined || value === undefined) return undefined;
  const known = affects === 'Memory' || affects === 'Connections' || affects === 'Time' ? affects : 'Other';
  return { path, key, value, affects: known };
}

/** Findings that hurt. */
export function harmOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity, kind }) => severity !== 'Info' && !settingsKinds.includes(kind));
}

/** All that a finding says, for words to be looked for in: its kind's reason apart, summary and facts. */
export function wordsOf({ kind, summary, facts }: Finding): string {
  return `${kind.slice(kind.indexOf('.') + 1)} ${summary} ${JSON.stringify(facts ?? {})}`;
}

export function setNumberFix(
  { path, key, value }: NumericSetting,
  to: number,
  why: string,
  fitness: number,
): ProposedFix {
  const verb = to < value ? 'reduce' : 'raise';
  return {
    action: 'code-editor.set-number',
    parameters: { path, key, from: value, to },
    rationale: `${verb} ${key} ${value} → ${to} in ${path}: ${why}`.slice(0, 500),
    fitness: Math.round(Math.min(1, Math.max(0, fitness)) * 100) / 100,
  };
}
