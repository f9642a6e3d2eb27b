import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import type { ToolClient } from '../../../controller/mcp/client.ts';
import { connectStdio } from '../../../controller/mcp/stdio-client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';

const signal = new AbortController().signal;
const script = join(import.meta.dirname, '../../helpers/stand-in-stdio.ts');

function connect(conduct: string, program = process.execPath, given = signal): Promise<ToolClient> {
  const command = [program, script, conduct];
  const of = { serverId: 'browser', access: 'ReadWrite', clock: systemClock, maxBytes: 20_000 } as const;
  return connectStdio({ ...of, command, env: { HOME: '/nowhere' }, cwd: tmpdir() }, given);
}

const children = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length;
const others = children();

/** Nothing that was started is left. */
afterEach(() => expect.poll(children, { timeout: 5000 }).toBe(others));

it('a server of our own sees nothing of our environment, and ends with its client', async () => {
  const client = await connect('Good');
  expect(await client.call('look', {}, signal)).toMatchObject({ env: { HOME: '/nowhere' } });
  await client.close();
  await expect(client.call('look', {}, signal)).rejects.toMatchObject({ name: 'ToolUnavailable' });
});

it('one that floods us is not spoken to any more', async () => {
  const client = await connect('Floods');
  await expect(client.call('look', {}, signal)).rejects.toMatchObject({ name: 'ToolUnavailable' });
});

it('one that is not there, or that is given up before it is spoken to, fails the connection', async () => {
  await expect(connect('Good', '/no/such/program')).rejects.toMatchObject({ name: 'ToolUnavailable' });
  await expect(connect('Good', process.execPath, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
});
