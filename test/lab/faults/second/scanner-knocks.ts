import { setTimeout as delay } from 'node:timers/promises';
import { edited, mainFile } from '../edit.ts';
import type { Fault } from '../fault.ts';
import { noteWell, wellAndUntouched } from '../untouched.ts';
import type { Lab } from '../../world/lab.ts';

/** What such programs look for everywhere. */
const paths = ['/wp-login.php', '/.env', '/admin', '/phpmyadmin/index.php', '/actuator/env', '/.git/config'];
/** As many as there are users' requests. */
const everyMs = 250;
const enough = 40;

/**
 * Somebody's scanner asks the gateway for pages that it does not have, and is told so: half of all answers are 404. It began with a
 * release, which has nothing to do with it. Each user is served.
 */
export const fault: Fault = {
  name: 'scanner-knocks',
  description: 'Half of what the gateway answers is 404, to a scanner, and there was a harmless release; all is well',
  session: {
    service: 'gateway',
    symptom: 'Since its last release half of the requests at the gateway are answered with 4xx',
  },
  expected: { outcome: 'NoFaultFound', causes: () => [], fixes: [] },
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'gateway', path, [
      ['body: { ok: true } }', 'body: { ok: true, upSeconds: Math.round(process.uptime()) } }'],
    ]);
    await lab.commit('gateway', {
      message: 'Have health say for how long a task has been up',
      files: { [path]: source },
    });
    await lab.awaitRollout('gateway');
    const answers = scan(lab);
    await lab.until(
      'the scanner to be turned away',
      async () => answers.filter((status) => status === 404).length > enough,
    );
    await noteWell(lab);
  },
  healed: wellAndUntouched,
};

/** Knocks until the lab ends; answers the statuses, which grow. */
function scan(lab: Lab): readonly number[] {
  const statuses: number[] = [];
  const { signal } = lab;
  const knock = async (path: string): Promise<void> => {
    const response = await fetch(`${lab.url('gateway')}${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
    });
    await response.text();
    statuses.push(response.status);
  };
  const run = async (): Promise<void> => {
    for (let turn = 0; !signal.aborted; turn += 1) {
      void knock(paths[turn % paths.length] ?? '/').catch(() => undefined);
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  void run();
  return statuses;
}
