import { badRelease } from './bad-release.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { usersAreServed, watchTraffic } from './judge.ts';

/** Three payments a second at most, where four come. */
const turns = `'use strict';
const { setTimeout: delay } = require('node:timers/promises');

const pauseMs = 320;
let last = Promise.resolve();

/** One after the other, with a pause between two. */
function inTurn(handler) {
  return (request) => {
    const turn = last.then(() => handler(request));
    last = turn.then(() => delay(pauseMs), () => delay(pauseMs));
    return turn;
  };
}

module.exports = { inTurn };
`;

/** Nothing fails and nothing is logged: payments wait within the program, and only its own count of them tells. */
export const fault: Fault = {
  name: 'takes-turns',
  description: 'A commit lets payments through one at a time: they pile up within the program, whose log is silent',
  session: { service: 'gateway', symptom: 'Checkouts take seconds and then time out, and have since this morning' },
  expected: badRelease('payments'),
  prepare: () => ({ needs: ['prometheus'] }),
  async inject(lab) {
    const main = mainFile(lab);
    await lab.commit('payments', {
      message: 'Take payments in turn, so that none overtakes another',
      files: {
        'src/turns.js': turns,
        [main]: await edited(lab, 'payments', main, [
          ["'POST /payments': pay,", "'POST /payments': inTurn(pay),"],
          ["require('./cache.js');\n", "require('./cache.js');\nconst { inTurn } = require('./turns.js');\n"],
        ]),
      },
    });
    await lab.until('checkouts to be slow', async () => (await watchTraffic(lab, 2000)).p95 > 2500);
  },
  healed: (lab) => usersAreServed(lab),
};
