import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Change, Finding } from '../../../../controller/evidence/finding.ts';
import { revertRegression } from '../../../../skills/github/remedies.ts';
import { nodeWith, str } from '../lib/fake-tools.ts';

const sha = (digit: string) => digit.repeat(40);

function commit(digit: string, at: string, more: JsonObject = {}): Change {
  const facts = { sha: sha(digit), repository: 'acme/shop', branch: 'main', touchesRunningCode: true, ...more };
  return {
    id: digit,
    node: 'n',
    kind: 'Commit',
    at: `2026-11-20T${at}:00Z`,
    summary: `commit ${digit}`,
    source: 's',
    facts,
  };
}

function deploy(at: string, commitId: string, previousCommit: string | null = null): Change {
  const facts = { commit: commitId, previousCommit };
  return { id: `d${at}`, node: 'n', kind: 'Deploy', at: `2026-11-20T${at}:00Z`, summary: 'deploy', source: 's', facts };
}

function harm(since?: string, kind = 'aws-ecs.OutOfMemory'): Finding {
  const times = since === undefined ? {} : { since: `2026-11-20T${since}:00Z` };
  return { id: kind, node: 'n', kind, severity: 'Critical', summary: 'x', source: 's', ...times };
}

function proposed(findings: readonly Finding[], changes: readonly Change[]) {
  return revertRegression.propose({ node: nodeWith({}), findings, changes, series: [] });
}
const shas = (findings: readonly Finding[], changes: readonly Change[]) =>
  proposed(findings, changes).map(({ parameters }) => str(parameters['sha'])[0]);

describe('reverting a regression', () => {
  it('suspects the newest commit before the harm, and one before it less', () => {
    const fixes = proposed([harm('10:30')], [commit('2', '10:00'), commit('1', '09:00')]);
    expect(fixes.map(({ parameters }) => parameters)).toEqual([
      { sha: sha('2'), repository: 'acme/shop', branch: 'main' },
      { sha: sha('1'), repository: 'acme/shop', branch: 'main' },
    ]);
    expect(fixes[0]?.fitness).toBeGreaterThan(fixes[1]?.fitness ?? 1);
  });

  it('does not suspect what was never deployed', () => {
    const commits = [commit('3', '10:20'), commit('2', '10:10'), commit('1', '09:00')];
    const running = (digit: string): Finding => ({
      ...harm(undefined, 'aws-ecs.RunningBuild'),
      severity: 'Info',
      facts: { commit: sha(digit) },
    });
    expect(shas([harm('10:30'), running('1')], commits)).toEqual(['1']);
    expect(shas([harm('10:30'), running('9')], commits)).toEqual(['3', '2', '1']);
    expect(shas([harm('10:30'), running('1')], [commit('2', '10:10'), commit('1', '09:00', { parents: [] })])).toEqual(
      [],
    );
    // Rolled back from: it did run.
    expect(shas([harm('10:30'), running('1')], [...commits, deploy('10:25', sha('2'), sha('1'))])[0]).toBe('2');
  });

  it('proposes nothing without harm, or for harm that began before every commit', () => {
    expect(shas([{ ...harm('10:30'), severity: 'Info' }], [commit('2', '10:00')])).toEqual([]);
    expect(shas([harm('09:30')], [commit('2', '10:00')])).toEqual([]);
  });

  it('leaves out commits that touch nothing that runs', () => {
    const changes = [commit('3', '10:10', { touchesRunningCode: false }), commit('2', '10:00')];
    expect(shas([harm('10:30')], changes)).toEqual(['2']);
  });

  it('leaves out what was committed but never deployed, and what ran well before', () => {
    const changes = [
      commit('4', '10:20'),
      commit('3', '10:00'),
      commit('2', '09:30'),
      commit('1', '09:00'),
      deploy('10:05', sha('3'), sha('1').slice(0, 7)),
    ];
    expect(shas([harm('10:30')], changes)).toEqual(['3', '2']);
  });

  it('is surer of the commit that was deployed', () => {
    const [known] = proposed([harm('10:30')], [commit('3', '10:00'), deploy('10:05', sha('3').slice(0, 8))]);
    const [guessed] = proposed([harm('10:30')], [commit('3', '10:00')]);
    expect(known?.fitness).toBeGreaterThan(guessed?.fitness ?? 1);
    expect(known?.rationale).toContain('deployed');
  });

  it('still suspects the release under a session’s own deploy', () => {
    const changes = [commit('4', '10:20'), commit('3', '10:00'), deploy('10:25', sha('f'), sha('3'))];
    expect(shas([harm('10:30')], changes)).toEqual(['3']);
  });

  it('does not suspect the first commit, which cannot be taken back', () => {
    expect(
      shas([harm('10:30')], [commit('2', '10:00', { parents: [sha('1')] }), commit('1', '09:00', { parents: [] })]),
    ).toEqual(['2']);
  });

  it('is less sure where the configuration changed later, and where it ran well for days', () => {
    const [plain] = proposed([harm('10:30')], [commit('2', '10:00')]);
    const configuration: Change = {
      id: 'c',
      node: 'n',
      kind: 'Configuration',
      at: '2026-11-20T10:20:00Z',
      summary: 'c',
      source: 's',
    };
    const [beaten] = proposed([harm('10:30')], [commit('2', '10:00'), configuration]);
    const [old] = proposed([{ ...harm(), since: '2026-11-29T10:00:00Z' }], [commit('2', '10:00')]);
    expect(beaten?.fitness).toBeLessThan(plain?.fitness ?? 0);
    expect(old?.fitness).toBeLessThan(beaten?.fitness ?? 0);
  });

  it('puts the commit first that changed the file where the errors come from', () => {
    const trace: Finding = { ...harm('10:30', 'cloudwatch.StackTrace'), facts: { file: '/app/src/pool.js', line: 3 } };
    const files = (path: string) => ({ files: [{ path }] });
    const changes = [commit('2', '10:10', files('src/x.js')), commit('1', '10:00', files('src/pool.js'))];
    const [plain] = proposed([harm('10:30')], changes.slice(1));
    const traced = proposed([trace], changes.slice(1));
    expect(traced[0]?.fitness).toBeGreaterThan(plain?.fitness ?? 1);
    expect(traced[0]?.rationale).toContain('a file that it changed');
  });

  it('suspects all that was deployed shortly before, the newest most, and what errors come from before the others', () => {
    const files = (path: string) => ({ files: [{ path }] });
    const pushes = ['4', '3', '2', '1'].map((digit) => commit(digit, `10:0${digit}`, files(`src/${digit}.js`)));
    const deploys = ['4', '3', '2', '1'].map((digit) =>
      deploy(`10:1${digit}`, sha(digit), sha(String(Number(digit) - 1))),
    );
    const older = [commit('0', '08:00'), deploy('08:10', sha('0'), sha('9')), commit('9', '07:00')];
    expect(shas([harm('10:15')], [...pushes, ...deploys, ...older])).toEqual(['4', '3', '2', '1']);
    const trace: Finding = { ...harm('10:15', 'cloudwatch.StackTrace'), facts: { file: '/app/src/2.js', line: 3 } };
    const traced = shas([trace], [...pushes, ...deploys, ...older]);
    expect(traced.slice(0, 3)).toEqual(['4', '2', '3']);
    // A session took the newest back, and it did not help.
    const own = deploy('10:20', sha('f'), sha('4'));
    expect(shas([harm('10:21')], [...pushes, ...deploys, own, ...older])).toEqual(['4', '3', '2', '1']);
  });

  it('suspects all that one deploy brought, as much as if each had been deployed by itself', () => {
    const commits = [commit('2', '10:00'), commit('1', '09:00'), commit('0', '08:00')];
    // Told by compute and by the pipeline, which does not know what it replaced.
    const deploys = [deploy('10:06', sha('2'), sha('0')), deploy('10:05', sha('2'))];
    const [newest, older, ...rest] = proposed([harm('10:30')], [...commits, ...deploys]);
    expect([newest, older].map((fix) => str(fix?.parameters['sha'])[0])).toEqual(['2', '1']);
    expect(older?.fitness).toBeGreaterThan(0.8 * (newest?.fitness ?? 1));
    expect(rest).toEqual([]);
  });

  it('suspects the earlier of two deploys as well where nobody knows on what it was deployed', () => {
    const commits = [commit('2', '10:01'), commit('1', '10:00'), commit('0', '08:00')];
    const deploys = [deploy('10:06', sha('2'), sha('1')), deploy('10:04', sha('1'), sha('f'))];
    expect(shas([harm('10:08')], [...commits, ...deploys]).slice(0, 2)).toEqual(['2', '1']);
  });

  it('does not suspect what ran well for a while before the next deploy', () => {
    const changes = [
      commit('2', '10:00'),
      commit('1', '09:40'),
      deploy('10:05', sha('2'), sha('1')),
      deploy('09:50', sha('1'), sha('0')),
      commit('0', '08:00'),
    ];
    expect(shas([harm('10:06')], changes)).toEqual(['2']);
  });

  it('suspects recent commits where nobody knows since when the harm is', () => {
    expect(shas([harm()], [commit('2', '10:00')])).toEqual(['2']);
  });
});
