import type { Lab } from '../world/lab.ts';
import { badRelease } from './bad-release.ts';
import { replaced } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** MiB of rates that the release holds, honestly, where it was 48 before; with them a task needs about 150. */
const ratesNow = 88;

/** One commit does two things: it needs more memory for good reasons, and it keeps something of each payment for ever. */
export const fault: Fault = {
  name: 'leaky-release',
  description: 'A release leaks memory and needs more of it too: its tasks die with 137',
  session: {
    service: 'payments',
    symptom: 'Checkouts fail in bursts since the release; payments restart all the time',
  },
  expected: badRelease('payments', { iterations: 2 }),
  async inject(lab) {
    const settings = `config/${lab.names.settingsFile}`;
    const main = `src/${lab.names.mainFile}`;
    await lab.commit('payments', {
      message: 'Keep more rates at hand, and which of them each payment was made at',
      files: {
        [settings]: replaced(await lab.readFile('payments', settings), /("megabytes": )\d+/, `$1${ratesNow}`),
        [main]: leaking(await lab.readFile('payments', main)),
      },
    });
    await killed(lab);
    await lab.until('users to see it', () => trafficFails(lab, 0.1));
  },
  healed: (lab) => usersAreServed(lab),
};

/** Keeps a copy of a page of rates with each payment, and never lets go of it. */
function leaking(source: string): string {
  const kept = replaced(source, /^let rates = \[\];$/m, 'let rates = [];\nconst quotes = new Map();');
  const note = '  quotes.set(id, Buffer.from(rates[0] ?? []));\n';
  return replaced(kept, /^ {2}await redis\.set\(`payment/m, `${note}$&`);
}

async function killed(lab: Lab): Promise<void> {
  await lab.until(
    'tasks to die of their memory limit',
    async () => {
      const stopped = await lab.stoppedTasks('payments');
      return stopped.filter((task) => task.containers?.[0]?.exitCode === 137).length >= 2;
    },
    60_000,
  );
}
