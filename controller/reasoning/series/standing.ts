import type { Standing } from '../standing.ts';
import type { Accounts, Excess } from './excess.ts';

/** Numbers alone hurt as much as a warning at most: nobody said that they break anything. */
export const most = 0.5;
const faintest = 0.05;

/** How ill its share of the harm makes a unit: how unusual it is, and how much of the symptom's harm it amounts to. */
export function strengthOf(excess: Excess, { total }: Accounts): number {
  const unusual = Math.min(1, Math.max(0, excess.ratio - 1));
  const material = total > 0 ? Math.min(1, Math.max(0, excess.amount / total)) : 1;
  const strength = most * unusual * material;
  return strength < faintest ? 0 : strength;
}

/** A unit's standing from findings, completed by what its series tell. */
export function withSeries(standing: Standing, excess: Excess | undefined, accounts: Accounts): Standing {
  const strength = excess === undefined ? 0 : strengthOf(excess, accounts);
  if (excess === undefined || strength <= standing.strength) return standing;
  return { ...standing, strength, seen: true, local: Math.max(standing.local, excess.own) };
}

/** What is known to be ill by findings may harm in ways that the series do not measure: numbers only tip the scales then. */
export const unmeasured = 0.5;

/** How much of the victim's harm the cause's amounts to; 1 where one of them was not measured. */
export function doseIn(accounts: Accounts, ill: (unit: string) => boolean): (victim: string, cause: string) => number {
  return (victim, cause) => {
    const [suffered, given] = [accounts.byUnit.get(victim), accounts.byUnit.get(cause)];
    if (suffered === undefined || given === undefined || suffered.ratio <= 1 || suffered.amount <= 0) return 1;
    const share = Math.min(1, Math.max(0, given.amount) / suffered.amount);
    return ill(cause) ? Math.max(unmeasured, share) : share;
  };
}
