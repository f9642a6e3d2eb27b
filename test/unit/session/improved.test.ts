import { describe, expect, it } from 'vitest';
import { hasImproved } from '../../../controller/session/verifying/improved.ts';
import type { CheckResult } from '../../../skills/skill.ts';
import { threeHops } from '../reasoning/systems.ts';

const bundle = threeHops().build('front');

function foretold(node: string, verdict: CheckResult['verdict']): CheckResult {
  return { name: 'prediction', node, verdict, summary: '' };
}

describe('a fix has helped', () => {
  it('where what the cause showed is gone, though the symptom is not', () => {
    expect(hasImproved([foretold('shop/db', 'Pass'), foretold('front/http', 'Fail')], bundle)).toBe(true);
    expect(hasImproved([foretold('shop/db', 'Fail'), foretold('front/http', 'Pass')], bundle)).toBe(false);
    expect(hasImproved([foretold('shop/db', 'Inconclusive'), foretold('front/http', 'Pass')], bundle)).toBe(false);
  });

  it('where the symptom is gone, if nothing else was foretold', () => {
    expect(hasImproved([foretold('front/http', 'Pass')], bundle)).toBe(true);
    expect(hasImproved([foretold('front/http', 'Pass'), foretold('front/run', 'Fail')], bundle)).toBe(false);
    expect(hasImproved([], bundle)).toBe(false);
  });
});
