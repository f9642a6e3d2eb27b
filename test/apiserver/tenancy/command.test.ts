import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toolServerResource } from '../../../controller/api/generated/tool-server.ts';
import type { ToolServer } from '../../../controller/api/kinds.ts';
import { ApiError } from '../../../controller/kube/errors.ts';
import type { Resource } from '../../../controller/kube/resource.ts';
import { standInEntry, stdioConfig } from '../../helpers/stdio-config.ts';
import { until } from '../../lab/parts/process.ts';
import { forever } from '../session/installed.ts';
import { twoTenants, type Tenants } from './tenants.ts';

const toolServers: Resource<ToolServer> = toolServerResource;
/** What the attacker's command would leave. */
const marker = join(tmpdir(), `threehops-ran-${process.pid}`);
let tenants: Tenants;
let made = 0;

beforeAll(async () => {
  const config = dump(await stdioConfig({ 'stand-in': standInEntry() }, forever));
  tenants = await twoTenants('command', { config });
});
beforeEach(() => rmSync(marker, { force: true }));
afterAll(() => tenants.close());

/** What becomes of a ToolServer of the attacker's: how it is refused, or what its conditions say. */
async function attempt(spec: object): Promise<{ readonly reason: string; readonly stored: string }> {
  made += 1;
  const key = { namespace: tenants.attacker, name: `command-${made}` };
  try {
    await tenants.mallory.client.resource(toolServers).create({ metadata: key, spec } as never, forever);
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return { reason: 'Refused', stored: '' };
    throw error;
  }
  return until(
    'its condition',
    async () => {
      const object = await tenants.on.admin.client.resource(toolServers).get(key, forever);
      const told = object.status?.conditions?.find(({ status, type }) => status === 'True' || type === 'Stalled');
      return told === undefined ? undefined : { reason: told.reason, stored: JSON.stringify(object.spec) };
    },
    60_000,
  );
}

const touch = ['/bin/touch', marker];

test.each<[string, object, string]>([
  ['in place of a name', { stdio: { command: touch } }, 'Refused'],
  ['beside a name', { stdio: { name: 'mine', command: touch } }, 'NotStarted'],
  [
    'beside a name that there is',
    { stdio: { name: 'stand-in', command: touch, env: { NODE_OPTIONS: `--require ${marker}` } } },
    'Answers',
  ],
  ['as a name', { stdio: { name: `/bin/touch ${marker}` } }, 'Refused'],
  ['as the name of a property that all objects have', { stdio: { name: 'constructor' } }, 'NotStarted'],
  ['as a URL of a program', { url: `stdio:///bin/touch?${marker}` }, 'Refused'],
  ['as a URL of a file', { url: `file://${marker}` }, 'Refused'],
])('a ToolServer that is a command, %s: none is run', async (_, how, reason) => {
  const answer = await attempt({ ...how, tools: { read: ['look'] } });
  expect(answer.reason).toBe(reason);
  expect(answer.stored).not.toContain('touch');
  expect(existsSync(marker)).toBe(false);
});

test('one that names an entry of the configuration is started', async () => {
  expect(await attempt({ stdio: { name: 'stand-in' }, tools: { read: ['look'] } })).toMatchObject({
    reason: 'Answers',
  });
});
