import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { debianProgram } from '../parts/debian.ts';
import { PartUnavailable } from '../parts/part.ts';
import { until } from '../parts/process.ts';
import { sleepers } from './testing/processes.ts';
import { openWorkshop, type Workshop } from './testing/workshop.ts';

const fullName = 'acme/store';

/** What a step tries: to write outside its folder, to see other processes, to reach the host's loopback. */
const script = `
echo "uid $(id -u)"
touch /usr/forge-was-here 2>/dev/null && echo "wrote to usr"
touch here && echo "wrote here"
ls "$HOST_DATA" >/dev/null 2>&1 && echo "sees the data"
ps -e -o args= | grep -q '[v]itest' && echo "sees the host"
curl -s -o /dev/null -w 'api %{http_code}' "$GITHUB_API_URL/user"
`;

const root = process.getuid?.() === 0;

describe.each(['bubblewrap', 'no bubblewrap'])('steps run with %s', (kind) => {
  let workshop: Workshop;
  let bwrap: string | false | undefined;

  beforeAll(async () => {
    const options = { signal: new AbortController().signal, progress: () => undefined };
    bwrap = false;
    if (kind === 'no bubblewrap') return;
    bwrap = await debianProgram('bwrap', options).then(
      ({ path }) => path,
      (error: unknown) => {
        if (error instanceof PartUnavailable) return undefined;
        throw error;
      },
    );
  });

  afterEach(() => workshop?.stop());

  test('apart from the machine, but for its network', async (context) => {
    if (bwrap === undefined) return context.skip('bubblewrap is not to be had here');
    const env: Record<string, string> = {};
    workshop = await openWorkshop({ bwrap, actionsEnvironment: () => ({ env }) });
    env['HOST_DATA'] = join(workshop.folder, 'data', 'repositories');
    const steps = JSON.stringify([{ run: script }]);
    const workflow = `on: push\njobs: {build: {runs-on: x, steps: ${steps}}}\n`;
    await workshop.forge.createRepository(fullName, {
      files: { '.github/workflows/ci.yaml': workflow },
      runWorkflows: true,
    });
    await workshop.forge.idle();
    const log = workshop.forge.runs(fullName)[0]?.jobs[0]?.log.text ?? '';
    const said = (log.split('##[endgroup]')[1] ?? '').split('\n').map((line) => line.replace(/^\S+ /, ''));
    expect(log).toContain(`Isolation: ${kind}`);
    expect(said).toContain('wrote here');
    expect(said).toContain('api 401');
    expect(said).not.toContain('wrote to usr');
    const apart = root || kind === 'bubblewrap';
    expect(said.includes('sees the data')).toBe(!apart);
    expect(said).toContain(`uid ${root ? 65_534 : process.getuid?.()}`);
    expect(said.includes('sees the host')).toBe(!apart);
  });

  test('and end with the forge, even when it is killed', async (context) => {
    if (bwrap === undefined) return context.skip('bubblewrap is not to be had here');
    if (!root && bwrap === false) return context.skip('as the same user, only the shell of a step ends');
    const program = join(import.meta.dirname, 'testing/killed-forge.ts');
    const folder = mkdtempSync(join(tmpdir(), 'forge-killed-'));
    chmodSync(folder, 0o711);
    const forge = spawn(process.execPath, [program, bwrap === false ? '' : bwrap], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await until('the step to be under way', async () => (sleepers(302, 303).length === 2 ? true : undefined));
    } finally {
      forge.kill('SIGKILL');
    }
    await once(forge, 'exit');
    await until('its processes to be gone', async () => (sleepers(302, 303).length === 0 ? true : undefined), 5000);
    expect(sleepers(302, 303)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });
});
