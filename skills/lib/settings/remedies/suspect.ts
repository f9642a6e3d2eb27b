import { isDefined, numberOf, objectOf, textOf } from '../../reading.ts';
import type { ProposedFix, Remedy, RemedyContext } from '../../../skill.ts';
import { harmOf, setNumberFix, settingsKinds, settingsOf } from './reading.ts';

/**
 * A finding that names the setting it blames, as facts `{suspect: {file, key, value, suggested?}}`, is taken at its word: the number
 * becomes the suggested one, else a tenth.
 */
export const changeSuspect: Remedy = {
  id: 'code-editor.change-suspect',
  forKinds: settingsKinds,
  cause: 'code-editor.SuspectSetting',
  propose: (context) =>
    harmOf(context.findings)
      .map(({ facts }) => fixOf(objectOf(objectOf(facts)['suspect']), context))
      .filter(isDefined),
};

function fixOf(suspect: ReturnType<typeof objectOf>, { findings }: RemedyContext): ProposedFix | undefined {
  const path = textOf(suspect['file']);
  const key = textOf(suspect['key']);
  const value = numberOf(suspect['value']);
  if (path === undefined || key === undefined || value === undefined) return undefined;
  const known = settingsOf(findings).find((setting) => setting.path === path && setting.key === key);
  const to = numberOf(suspect['suggested']) ?? Math.max(1, Math.round(value / 10));
  if (to === value) return undefined;
  const setting = { path, key, value: known?.value ?? value, affects: known?.affects ?? ('Other' as const) };
  return setNumberFix(setting, to, 'a finding names it as the cause', 0.7);
}
