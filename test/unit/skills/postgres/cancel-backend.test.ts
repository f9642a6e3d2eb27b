import { describe, expect, it } from 'vitest';
import { checkOf } from '../../../../controller/mcp/schema.ts';
import { cancelBackend } from '../../../../skills/postgres/actions/cancel-backend.ts';
import { probe } from '../../../../skills/postgres/probe.ts';
import { remedies } from '../../../../skills/postgres/remedies.ts';
import { actionContext } from '../lib/fake-tools.ts';
import { activity, ago, contextOf, type Script, scripted, session, target, wait } from './fixtures.ts';

const report = session(1, { application: 'reports', xact_start: ago(100), query_start: ago(90) });
const blocking: Script = { activity: activity({ waits: [wait(2, [1], 30)], sessions: [report, session(2)] }) };

async function parametersOf(script: Script) {
  const context = contextOf(script);
  const { findings } = await probe(context);
  const given = { node: context.node, findings, changes: [], series: [] };
  return remedies
    .filter(({ cause }) => cause === 'postgres.RunawayQuery')
    .flatMap((remedy) => remedy.propose(given).map(({ parameters }) => parameters));
}

describe('a runaway query', () => {
  it('is cancelled where its statement is what takes the time', async () => {
    const [parameters = {}, ...more] = await parametersOf(blocking);
    expect(more).toEqual([]);
    expect(checkOf(cancelBackend.parameters)(parameters)).toBeUndefined();
    const tools = scripted(blocking);
    const context = actionContext(tools, target, {});
    const rendered = await cancelBackend.render(context, parameters);
    expect(rendered.diff).toContain('backend 1 of reports (user shop), in one statement for 90 s');
    expect(await cancelBackend.unchanged?.(context, rendered)).toBe(true);
    await cancelBackend.execute?.(context, rendered.frozen, 'a');
    expect(tools.written).toMatchObject([{ pid: 1, queryStart: '2026-11-20T10:58:30.000007Z' }]);
  });

  it('is none where the transaction is long and its statements are short', async () => {
    const worker = { ...report, query_start: ago(3) };
    const script = { activity: activity({ waits: [wait(2, [1], 30)], sessions: [worker, session(2)] }) };
    expect(await parametersOf(script)).toEqual([]);
  });

  it('counts as cancelled once its backend does something else, and is not hit then', async () => {
    const [parameters = {}] = await parametersOf(blocking);
    const next = { ...report, query_start: ago(1) };
    const after = actionContext(scripted({ backend: { sessions: [next] } }), target, {});
    expect((await cancelBackend.probe?.(after, parameters, 'a'))?.verdict).toBe('Happened');
    const same = actionContext(scripted({ backend: { sessions: [report] } }), target, {});
    expect((await cancelBackend.probe?.(same, parameters, 'a'))?.verdict).toBe('Absent');
    expect((await cancelBackend.settled?.(same, parameters, {}))?.state).toBe('Progressing');
    const changed = { activity: activity({ waits: [wait(2, [1], 30)], sessions: [next, session(2)] }) };
    const rendering = cancelBackend.render(actionContext(scripted(changed), target, {}), parameters);
    await expect(rendering).rejects.toMatchObject({ code: 'NotBlocking' });
  });
});
