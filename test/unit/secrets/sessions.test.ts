import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Figures } from '../../helpers/secrets/figures.ts';
import { leftBy, plantedWorld, toItsEnd } from '../../helpers/secrets/planted-world.ts';
import { casesOf, plantedSecrets } from '../../helpers/secrets/planted.ts';
import type { Case } from '../../helpers/secrets/transforms.ts';
import { sentToModel, stored, streamed } from '../../helpers/secrets/ways-out.ts';

const seed = 20_260_102;
const inOneSession = 95;
const figures = new Figures();
const perSession = [
  'evidence: bundle',
  'evidence: diagnosis',
  'evidence: plan',
  'evidence: report',
  'evidence: kept for the model',
  'status',
  'Events',
  'Approvals',
  'pull requests',
  'commit messages',
  'report files',
];
const others = ['stored Evidence', 'prompts', 'progress stream'];

/** Of every kind two as they are and one in another form; what comes in events one after the other comes so. */
function chosen(): readonly Case[] {
  const byKind = Map.groupBy(casesOf(plantedSecrets(seed), seed), ({ kind }) => kind);
  return [...byKind.values()].flatMap((cases, index) => {
    const asIs = cases.filter(({ transform }) => transform === 'as it is');
    const rest = cases.filter(({ transform }) => transform !== 'as it is');
    return [...asIs.slice(0, 1), ...asIs.slice(-1), ...rest.slice((7 * index) % rest.length).slice(0, 1)];
  });
}

const textOf = ({ given }: Case): string => (typeof given === 'string' ? given : given.join('\0'));

async function runSession(cases: readonly Case[]): Promise<void> {
  const planted = plantedWorld(cases.map(textOf));
  await toItsEnd(planted);
  planted.world.assertClean();
  for (const [way, left] of Object.entries(leftBy(planted))) figures.judge(way, left, cases);
  figures.judge('stored Evidence', await stored(planted), cases);
  figures.judge('progress stream', await streamed(planted), cases);
  const [asked] = planted.asked;
  if (asked !== undefined) figures.judge('prompts', await sentToModel(asked), cases);
}

describe('secrets that a session meets in what it reads', () => {
  beforeAll(async () => {
    const cases = chosen();
    for (let start = 0; start < cases.length; start += inOneSession)
      await runSession(cases.slice(start, start + inOneSession));
  }, 180_000);

  afterAll(() => {
    process.stdout.write(
      `redaction in sessions\n${figures
        .lines()
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
  });

  test.each([...perSession, ...others])('do not leave it by: %s', (way) => {
    expect(figures.planted(way)).toBeGreaterThanOrEqual(250);
    expect(figures.leaked(way), `came out: ${figures.leaks(way).join('; ')}`).toBe(0);
  });
});
