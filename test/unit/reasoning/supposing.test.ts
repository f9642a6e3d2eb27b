import { describe, expect, it } from 'vitest';
import type { BundleBuilder } from '../../helpers/bundle-builder.ts';
import { diagnose, untried } from './stub-skills.ts';
import { shop } from './systems.ts';

/** The worker was given another release, shows nothing, and right after it the shop, which depends on it, fails for no reason that is known. */
function quietRelease(deployedAgo = 330): BundleBuilder {
  return shop()
    .change('worker/git', 'Commit', deployedAgo + 60, { commit: 'c0ffee' })
    .change('worker/run', 'Deploy', deployedAgo)
    .finding('shop/jobs', 'queue.Backlog', 'Warning', 300)
    .finding('shop/logs', 'logs.Errors', 'Critical', 290)
    .finding('front/http', 'http.Failing', 'Critical', 280);
}

describe('what shows nothing and was changed right before others came to harm', () => {
  it('is blamed where nothing else is known, with less confidence, and what came to harm is to be well again', async () => {
    const diagnosis = await diagnose(quietRelease().build('front'));
    expect(diagnosis.rootCause).toMatchObject({ node: 'worker/git', kind: 'source.Regression' });
    expect(diagnosis.fix).toMatchObject({ action: 'source.revert', parameters: { commit: 'c0ffee' } });
    expect(diagnosis.rootCause?.confidence).toBeLessThanOrEqual(0.7);
    expect(diagnosis.gaps[0]).toContain('worker: it shows nothing itself');
    expect(diagnosis.predictions.map(({ findingGone }) => findingGone)).toContain('logs.Errors');
  });

  it.each(['worker/run', 'worker/logs', 'shop/db'])('is not blamed while nobody can look at %s', async (node) => {
    expect((await diagnose(quietRelease().unknown(node).build('front'))).fix).toBeUndefined();
  });

  it('is not blamed by an old commit for a change of another kind', async () => {
    const world = shop()
      .change('worker/git', 'Commit', 500_000, { commit: '01d' })
      .change('worker/run', 'Deploy', 499_000)
      .change('worker/run', 'Deploy', 120, { mended: true })
      .finding('shop/logs', 'logs.Errors', 'Critical', 290);
    expect((await diagnose(world.build('front'))).fix).toBeUndefined();
  });

  it('is not blamed where there is a fix for what is about as likely', async () => {
    const world = shop()
      .change('worker/git', 'Commit', 390, { commit: 'c0ffee' })
      .change('worker/run', 'Deploy', 330)
      .finding('shop/logs', 'logs.Errors', 'Critical', 290)
      .finding('front/run', 'compute.OutOfMemory', 'Warning', 280);
    expect((await diagnose(world.build('front'))).fix?.action).toBe('compute.resize');
  });

  it('is not blamed once that was tried', async () => {
    const bundle = quietRelease().build('front');
    const { fix } = await diagnose(bundle);
    const again = await diagnose(bundle, { ...untried, failed: [fix?.signature ?? ''] });
    expect(again.fix).toBeUndefined();
    expect(again.rootCause?.node).not.toContain('worker');
  });

  it('is not blamed where a cause is known, though what is known for it must not be done here', async () => {
    const known = quietRelease().finding('shop/run', 'compute.OutOfMemory', 'Critical', 300).build('front');
    expect((await diagnose(known)).rootCause).toMatchObject({ node: 'shop/run', kind: 'compute.MemoryTooLow' });
    const forbidden = { allowed: (action: string) => action !== 'compute.resize' };
    expect((await diagnose(known, untried, forbidden)).fix).toBeUndefined();
  });

  it('is not judged by trouble that nobody dates, where there is some that is dated', async () => {
    const world = shop()
      .change('worker/git', 'Commit', 190, { commit: 'c0ffee' })
      .change('worker/run', 'Deploy', 130)
      .finding('shop/jobs', 'queue.Odd', 'Critical')
      .finding('shop/logs', 'logs.Errors', 'Critical', 100);
    const { fix, predictions } = await diagnose(world.build('shop'));
    expect(fix?.action).toBe('source.revert');
    expect(predictions.map(({ findingGone }) => findingGone)).toEqual(['logs.Errors']);
  });

  it('is not judged by what others showed before, where they show more since', async () => {
    const world = quietRelease()
      .finding('shop/logs', 'logs.Errors', 'Critical', 350.4)
      .finding('shop/logs', 'logs.Odd', 'Critical', 270);
    const { rootCause, claims, predictions } = await diagnose(world.build('front'));
    expect(rootCause?.node).toBe('worker/git');
    expect(claims[0]?.findings).not.toContain('shop/logs:logs.Errors:1');
    // Errors were there before: that they go would prove nothing, and that they stay neither.
    const foretold = predictions.map(({ findingGone, node }) => `${node} ${findingGone}`);
    expect(foretold).toContain('shop/logs logs.Odd');
    expect(foretold).not.toContain('shop/logs logs.Errors');
  });

  it('is not taken for where the errors of others come from', async () => {
    const world = (node: string, kind: string) =>
      shop()
        .change('worker/git', 'Commit', 700, { commit: '01d', file: 'main.js' })
        .change('worker/git', 'Commit', 390, { commit: 'c0ffee', file: 'other.js' })
        .change('worker/run', 'Deploy', 330)
        .finding(node, kind, 'Critical', 290, { file: 'main.js' })
        .finding('front/http', 'http.Failing', 'Critical', 280);
    const reverted = async (node: string, kind: string) =>
      (await diagnose(world(node, kind).build('front'))).fix?.parameters['commit'];
    expect(await reverted('worker/run', 'compute.Crashing')).toBe('01d');
    expect(await reverted('shop/logs', 'logs.Errors')).toBe('c0ffee');
  });

  it('is named though it must not be taken back here', async () => {
    const { rootCause, fix } = await diagnose(quietRelease().build('front'), untried, { allowed: () => false });
    expect([rootCause?.kind, fix]).toEqual(['source.Regression', undefined]);
  });

  it.each([
    ['long before', quietRelease(7200)],
    ['after the harm', quietRelease(120)],
  ])('is not blamed for what was changed %s', async (_, world) => {
    const { rootCause, fix } = await diagnose(world.build('front'));
    expect([rootCause?.node, fix]).toEqual(['shop/jobs', undefined]);
  });

  it('is not blamed for the harm of those that the symptom does not depend on', async () => {
    const world = shop()
      .change('worker/git', 'Commit', 390, { commit: 'c0ffee' })
      .change('worker/run', 'Deploy', 330)
      .service('office')
      .self('office', 'http', 'http')
      .calls('office', 'worker')
      .finding('office/http', 'http.Failing', 'Critical', 300)
      .finding('shop/logs', 'logs.Errors', 'Critical', 7000);
    const { rootCause, fix } = await diagnose(world.build('front'));
    expect([rootCause?.node, fix]).toEqual(['shop/logs', undefined]);
  });
});
