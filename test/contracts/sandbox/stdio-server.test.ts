import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../../controller/config/load.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { toolCredentials } from '../../../controller/mcp/credentials.ts';
import { ToolPool } from '../../../controller/mcp/pool.ts';
import { startProcess } from '../../../controller/wiring/start-process.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import { standInEntry, stdioConfig } from '../../helpers/stdio-config.ts';

const signal = new AbortController().signal;
const credentials = toolCredentials({ TOKEN: 'open-sesame', NODE_OPTIONS: '--require /evil.js' });
let pool: ToolPool;

/** The pool as the operator has it, with the stand-in among its stdio servers. */
beforeAll(async () => {
  const config = parseConfig(JSON.stringify(await stdioConfig({ 'stand-in': standInEntry() }, signal)));
  pool = new ToolPool({
    servers: [],
    settings: {},
    dialerFor: () => openDialer,
    startProcess: startProcess({ config, clock: systemClock }),
    clock: systemClock,
  });
});
afterAll(() => pool.close());

const server = (stdio: string) => ({
  id: 'shop/theirs',
  version: stdio,
  endpoint: { stdio },
  tools: { read: ['look'], write: [] },
  pins: {},
  timeoutMs: 20_000,
  maxBytes: 20_000,
});

test('a stdio server runs in the sandbox, with what its entry names and the variables that a Secret may set', async () => {
  const client = await pool.get(server('stand-in'), credentials, 'Read', signal);
  const { env } = (await client.call('look', {}, signal)) as { env: Record<string, string> };
  expect(env).toMatchObject({ COLOUR: 'green', TOKEN: 'open-sesame', HOME: '/tmp' });
  const allowed = new Set(['COLOUR', 'TOKEN', 'HOME', 'LANG', 'PATH', 'PWD', 'TMPDIR']);
  expect(Object.keys(env).filter((name) => !allowed.has(name))).toEqual([]);
});

test('one that is not in the configuration is not started', async () => {
  await expect(pool.get(server('other'), credentials, 'Read', signal)).rejects.toThrow(
    "the operator's configuration has no toolServers.other",
  );
});
