import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrated, fitted } from '../../../controller/reasoning/calibration.ts';
import { fit } from '../../evals/calibration/fit.ts';
import { binsOf, brier, calibrationError, fewest } from '../../evals/calibration/reliability.ts';
import { calibrationReport, rowsOf, type Report } from '../../evals/calibration/report.ts';

const docs = join(import.meta.dirname, '../../../docs/calibration.md');

describe('how surely a cause is named', () => {
  let report: Report;
  beforeAll(async () => {
    report = await calibrationReport();
  }, 120_000);

  it('is by the parameters that the recordings give', () => {
    expect(report.fit).toEqual(fitted);
  });

  it('is nearer to how often it is so than what it is made from, for faults that it was not fitted on', () => {
    const { raw, calibrated: said } = report.checked;
    expect(said.brier).toBeLessThan(raw.brier);
    expect(said.error).toBeLessThan(raw.error / 2);
  });

  it('is published as it is (`npm run calibration`)', () => {
    expect(readFileSync(docs, 'utf8').split('\n')).toEqual(expect.arrayContaining([...rowsOf(report)]));
  });
});

it('keeps the order of what it is made from', () => {
  const said = Array.from({ length: 101 }, (_, percent) => calibrated(percent / 100, fitted));
  expect(said).toEqual(said.toSorted((a, b) => a - b));
  expect(Math.min(...said)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...said)).toBeLessThan(1);
});

it('is fitted so that what is said is what is so', () => {
  const said = (confidence: number, hits: number, n: number) =>
    Array.from({ length: n }, (_, index) => ({ confidence, isTrue: index < hits }));
  const all = [...said(0.3, 60, 100), ...said(0.6, 90, 100)];
  const calibration = fit(all);
  expect(calibrated(0.3, calibration)).toBeCloseTo(0.6, 2);
  expect(calibrated(0.6, calibration)).toBeCloseTo(0.9, 2);
});

it('is scored by the squared error, and by bins of which few cases claim nothing', () => {
  const half = (isTrue: boolean) => ({ confidence: 0.5, isTrue });
  const all = [
    ...Array.from({ length: fewest }, (_, index) => half(index % 4 === 0)),
    { confidence: 0.9, isTrue: true },
  ];
  expect(brier(all.slice(0, fewest))).toBeCloseTo(0.25);
  expect(binsOf(all)[5]).toMatchObject({ n: fewest, hits: fewest / 4, hitRate: 0.25 });
  expect(binsOf(all)[9]).not.toHaveProperty('hitRate');
  expect(calibrationError(all)).toBeCloseTo(0.25);
});
