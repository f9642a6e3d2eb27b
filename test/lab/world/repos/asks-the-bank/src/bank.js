'use strict';
const { setTimeout: delay } = require('node:timers/promises');

/** The bank clears one payment after the other, about twenty a second, and lets so many wait. */
const clearMs = 50;
const mostWaiting = 40;

let last = Promise.resolve();
let waiting = 0;

async function clear() {
  if (waiting >= mostWaiting) throw Object.assign(new Error(`the bank is busy: ${waiting} payments wait for it`), { status: 503 });
  waiting += 1;
  last = last.then(() => delay(clearMs));
  await last;
  waiting -= 1;
}

module.exports = { clear };
