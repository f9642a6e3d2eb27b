import { describe, expect, it } from 'vitest';
import { triggerOf } from '../../../controller/reasoning/abnormality.ts';
import { fit } from '../../../controller/reasoning/likelihood.ts';
import type { Onset, Standing } from '../../../controller/reasoning/standing.ts';
import type { Change } from '../../../controller/evidence/finding.ts';
import { ago } from '../../helpers/bundle-builder.ts';
import { diagnose } from './stub-skills.ts';
import { shop } from './systems.ts';

const now = Date.parse(ago(0)) / 1000;

function ill(onset?: Onset): Standing {
  return { strength: 1, local: 0, trigger: 0, seen: true, ...(onset === undefined ? {} : { onset }) };
}

function fitOf(victim: Onset | undefined, cause: Onset | undefined): number {
  return fit(ill(victim), ill(cause), 1);
}

describe('what began when', () => {
  const at = (seconds: number, within: number): Onset => ({ at: now - seconds, within });

  it('speaks against a cause that began after its effect, as far as both are known exactly', () => {
    expect(fitOf(at(200, 10), at(100, 10))).toBeLessThan(fitOf(at(200, 10), at(300, 10)) / 2);
    expect(fitOf(at(200, 10), at(100, 200))).toBe(fitOf(at(200, 10), at(200, 10)));
    expect(fitOf(at(200, 200), at(100, 10))).toBe(fitOf(at(200, 10), at(200, 10)));
  });

  it('tells little where one of them is not dated, and speaks against what began long before', () => {
    expect(fitOf(at(200, 10), undefined)).toBeLessThan(fitOf(at(200, 10), at(200, 10)));
    expect(fitOf(at(200, 10), undefined)).toBeGreaterThan(fitOf(at(200, 10), at(7200, 10)));
  });

  it('is held against the cause along the whole chain, over those that nobody dates', async () => {
    const world = shop()
      .finding('shop/cache', 'store.Blocked', 'Critical', 20, { pid: 1 })
      .finding('shop/db', 'store.Blocked', 'Critical', 310, { pid: 2 })
      .finding('shop/logs', 'logs.Errors', 'Critical')
      .finding('front/http', 'http.Failing', 'Critical', 300);
    const { rootCause, alternatives } = await diagnose(world.build('front'));
    expect(rootCause?.node).toBe('shop/db');
    expect(rootCause?.confidence).toBeGreaterThan(2 * (alternatives[0]?.confidence ?? 0));
  });
});

describe('a change that set it off', () => {
  const change = (seconds: number, more: Partial<Change> = {}): Change => {
    const base = { id: `c${seconds}`, node: 'shop/run', kind: 'Deploy', summary: '', source: 'made up' } as const;
    return { ...base, at: ago(seconds), ...more };
  };
  const onset: Onset = { at: now - 300, within: 60 };

  it('is the one just before it began, and none that came after', () => {
    const all = [change(3600), change(320), change(100)];
    expect(triggerOf(all, onset, now)?.change.id).toBe('c320');
    expect(triggerOf([change(100)], onset, now)).toBeUndefined();
  });

  it('is none that came after the session began, whose time is told in whole seconds', async () => {
    const changed = (seconds: number) =>
      shop()
        .change('shop/git', 'Commit', seconds, { commit: 'c0ffee' })
        .finding('shop/run', 'compute.Crashing', 'Critical', 30);
    expect((await diagnose(changed(59.7).build('shop'))).fix?.action).toBe('source.revert');
    expect((await diagnose(changed(58.9).build('shop'))).fix?.action).toBe('compute.restart');
  });

  it('counts half ten minutes before', () => {
    expect(triggerOf([change(300)], onset, now)?.closeness).toBe(1);
    expect(triggerOf([change(900)], onset, now)?.closeness).toBeCloseTo(0.5);
  });

  it('is no act of a session', () => {
    expect(triggerOf([change(320, { facts: { byThreehops: true } })], onset, now)).toBeUndefined();
  });
});
