'use strict';
const { settings } = require('./settings.js');

let handedOver = 0;

/** What was handed to settlement is counted as it is handed over. */
function watchBacklog() {}

function refuseWhenFull() {
  if (handedOver > settings.queue.maxBacklog) {
    throw Object.assign(new Error(`settlement backlog is ${handedOver}, over ${settings.queue.maxBacklog}`), { status: 503 });
  }
  handedOver += 1;
}

module.exports = { watchBacklog, refuseWhenFull };
