import { describe, expect, it } from 'vitest';
import { closestPassages } from '../../../../controller/reasoning/recall/closest.ts';
import type { Document } from '../../../../controller/reasoning/recall/passages.ts';
import type { EvidenceBundle } from '../../../../controller/evidence/bundle.ts';
import { badRelease, shop, threeHops } from '../systems.ts';

const runbook: Document = {
  source: 'ConfigMap runbooks/shop.md',
  text: `# The shop
Who is on call is in the calendar.
## Out of memory
Compute that runs out of memory is given more, up to what the nodes have.
## A blocked store
Ask which transaction blocks the others, and end it.
## Holidays
Nothing is released in December.`,
};

function headings(bundle: EvidenceBundle, ...documents: readonly Document[]): readonly string[] {
  return closestPassages(documents, bundle).map(({ source }) => source.split(' > ')[1] ?? source);
}

describe('passages', () => {
  it('are those closest to what was found, with where they stand', () => {
    const [first] = closestPassages([runbook], badRelease().build('front'));
    expect(first).toEqual({
      source: 'ConfigMap runbooks/shop.md, The shop > Out of memory',
      text: 'Compute that runs out of memory is given more, up to what the nodes have.',
    });
    expect(headings(threeHops().build('front'), runbook)[0]).toBe('A blocked store');
  });

  it('are found by what the logs of ill nodes say, and not by those of others', () => {
    const template = (node: string) => {
      const bundle = badRelease().build('front');
      const log = {
        template: 'nothing was released before the holidays',
        level: 'Error',
        count: 1,
        firstAt: '',
        lastAt: '',
        sample: '',
      } as const;
      return {
        ...bundle,
        nodes: bundle.nodes.map((one) => (one.node === node ? { ...one, logTemplates: [log] } : one)),
      };
    };
    expect(headings(template('shop/run'), runbook)).toContain('Holidays');
    expect(headings(template('worker/run'), runbook)).not.toContain('Holidays');
  });

  it('far from what was found are none', () => {
    expect(headings(badRelease().build('front'), runbook)).not.toContain('Holidays');
    expect(closestPassages([{ source: 'x', text: 'Quarterly budget.' }], badRelease().build('front'))).toEqual([]);
    expect(closestPassages([], shop().build('front'))).toEqual([]);
  });

  it('are six at most, of 6,000 characters together, and the same whenever they are looked for', () => {
    const long = (index: number): Document => ({
      source: `doc ${index}`,
      text: `memory ${'x'.repeat(1090)} OutOfMemory ${'y'.repeat(50)}`,
    });
    const short = (index: number): Document => ({ source: `doc ${index}`, text: 'OutOfMemory: more memory' });
    const bundle = badRelease().build('front');
    const many = Array.from({ length: 20 }, (_, index) => index);
    expect(closestPassages(many.map(short), bundle).map(({ source }) => source)).toEqual(
      many.slice(0, 6).map((index) => `doc ${index}`),
    );
    const size = closestPassages(many.map(long), bundle).reduce((sum, { text }) => sum + text.length, 0);
    expect(size).toBeLessThanOrEqual(6000);
    expect(size).toBeGreaterThan(4800);
  });
});
