import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { checkOf } from '../../../../controller/mcp/schema.ts';
import { terminateBackend } from '../../../../skills/postgres/actions/terminate-backend.ts';
import { probe } from '../../../../skills/postgres/probe.ts';
import { remedies } from '../../../../skills/postgres/remedies.ts';
import { skill } from '../../../../skills/postgres/skill.ts';
import type { ActionContext, ProposedFix } from '../../../../skills/skill.ts';
import { actionContext } from '../lib/fake-tools.ts';
import { activity, ago, contextOf, type Script, scripted, session, target, wait } from './fixtures.ts';

const idle = { state: 'idle in transaction', application: 'reports' };
const start = '2026-11-20T09:36:40.000007Z';

function blocked(roots: readonly JsonObject[], blockers: readonly (readonly number[])[]): Script {
  const waits = blockers.map((pids, index) => wait(100 + index, pids, 30));
  return { activity: activity({ waits, sessions: [...roots, ...waits.map(({ pid }) => session(Number(pid)))] }) };
}

async function fixesFor(script: Script): Promise<readonly (ProposedFix & { cause: string })[]> {
  const context = contextOf(script);
  const { findings, changes, series } = await probe(context);
  return remedies.flatMap((remedy) =>
    remedy.propose({ node: context.node, findings, changes, series }).map((fix) => ({ ...fix, cause: remedy.cause })),
  );
}

function acting(script: Script): { context: ActionContext; written: readonly JsonObject[] } {
  const tools = scripted(script);
  return { context: actionContext(tools, target, {}), written: tools.written };
}

describe('the remedies', () => {
  it('end an abandoned transaction with more hope than one that works', async () => {
    expect(await fixesFor(blocked([session(1, idle)], [[1]]))).toMatchObject([
      { cause: 'postgres.AbandonedTransaction', fitness: 0.9, parameters: { pid: 1, backendStart: start } },
    ]);
    const working = session(1, { xact_start: ago(300), query_start: ago(3) });
    expect(await fixesFor(blocked([working], [[1]]))).toMatchObject([
      { cause: 'postgres.LongTransaction', fitness: 0.5 },
    ]);
  });

  it('take the transactions of one program together, and programs one by one', async () => {
    const roots = [session(1, idle), session(2, idle), session(3, { ...idle, application: 'cron' })];
    const fixes = await fixesFor(blocked(roots, [[1], [2], [2], [3]]));
    expect(fixes.map(({ parameters, fitness }) => [parameters, fitness])).toEqual([
      [{ pid: 2, backendStart: start, application: 'reports', also: [{ pid: 1, backendStart: start }] }, 0.9],
      [{ pid: 3, backendStart: start, application: 'cron' }, 0.8],
    ]);
    for (const { parameters } of fixes) expect(checkOf(terminateBackend.parameters)(parameters)).toBeUndefined();
  });

  it('leave alone what cannot be seen or has no backend', async () => {
    const hidden = session(1, { state: null, backend_start: null, xact_start: null, application: null });
    expect(await fixesFor(blocked([hidden], [[1], [0]]))).toEqual([]);
  });

  it('propose only what the schema allows and the skill has', () => {
    expect(remedies.map(({ cause }) => cause)).toContain('postgres.ConnectionsExhausted');
    expect(skill.actions).toContain(terminateBackend);
    expect(skill.tools.write).toContain('threehops_terminate_backend');
  });
});

describe('postgres.terminate-backend', () => {
  const parameters = { pid: 1, backendStart: start, application: 'reports' };
  const script = blocked([session(1, idle)], [[1], [100]]);

  it('shows whom it ends and whom that frees', async () => {
    const rendered = await terminateBackend.render(acting(script).context, parameters);
    expect(rendered.diff).toBe(
      [
        `- backend 1 of reports (user shop) from 10.0.0.7, connected since ${start}`,
        '    state: idle in transaction for 80 s, transaction open for 100 s',
        '    last statement: update accounts set balance = ? where name = ?',
        '    blocks: 1 directly, 2 in all (settlement), the longest for 30 s',
        '+ ended; its transaction is rolled back and its locks are free',
      ].join('\n'),
    );
    expect(rendered.frozen).toEqual({
      backends: [{ pid: 1, backendStart: start, transactionStart: '2026-11-20T10:58:20.000007Z' }],
    });
    expect(rendered.target.identity).toBe('postgres:db.test:5432/shop');
    expect(rendered.edits).toEqual([]);
  });

  it('tells the write tool exactly that backend, once', async () => {
    const { context, written } = acting(script);
    const { frozen } = await terminateBackend.render(context, parameters);
    expect(written).toEqual([]);
    await terminateBackend.execute?.(context, frozen, 'act');
    expect(written).toEqual([
      {
        pid: 1,
        backendStart: start,
        transactionStart: '2026-11-20T10:58:20.000007Z',
        connection: { host: 'db.test', database: 'shop' },
      },
    ]);
  });

  it.each([
    ['the pid was given anew', blocked([session(1, { ...idle, backend_start: ago(10) })], [[1]])],
    ['it blocks nobody any more', { activity: activity({ sessions: [session(1, idle)] }) }],
    ['it is gone', {}],
  ])('is refused, and an earlier plan is stale, when %s', async (_, now) => {
    const rendered = await terminateBackend.render(acting(script).context, parameters);
    expect(await terminateBackend.unchanged?.(acting(script).context, rendered)).toBe(true);
    expect(await terminateBackend.unchanged?.(acting(now).context, rendered)).toBe(false);
    await expect(terminateBackend.render(acting(now).context, parameters)).rejects.toMatchObject({
      code: 'NotBlocking',
    });
  });

  it('makes a plan stale when the client has begun another transaction', async () => {
    const rendered = await terminateBackend.render(acting(script).context, parameters);
    const moved = blocked([session(1, { ...idle, xact_start: ago(6) })], [[1]]);
    expect(await terminateBackend.unchanged?.(acting(moved).context, rendered)).toBe(false);
  });

  it('has happened when the backend is gone, and not while it is there', async () => {
    const { frozen } = await terminateBackend.render(acting(script).context, parameters);
    const after = (sessions: readonly JsonObject[]): ActionContext => acting({ backend: { sessions } }).context;
    const verdict = async (context: ActionContext): Promise<unknown> => [
      (await terminateBackend.probe?.(context, frozen, 'act'))?.verdict,
      (await terminateBackend.settled?.(context, frozen, {}))?.state,
    ];
    expect(await verdict(after([session(1, idle)]))).toEqual(['Absent', 'Progressing']);
    expect(await verdict(after([]))).toEqual(['Happened', 'Settled']);
    expect(await verdict(after([session(1, { backend_start: ago(1) })]))).toEqual(['Happened', 'Settled']);
    expect(await verdict(after([session(1, { backend_start: null })]))).toEqual(['Unknown', 'Progressing']);
  });

  it('is one idea for all transactions of a program', () => {
    const direction = (more: JsonObject): string => terminateBackend.direction({ ...parameters, ...more });
    expect(direction({ pid: 2, backendStart: '2026-11-20T10:00:00.000000Z' })).toBe(direction({}));
    expect(direction({ application: 'cron' })).not.toBe(direction({}));
  });
});
