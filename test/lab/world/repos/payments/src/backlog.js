'use strict';
const queue = require('../lib/queue.js');
const { log } = require('../lib/log.js');
const { settings } = require('./settings.js');

let waiting = 0;

/** Watches how much waits to be settled; above the limit no more payments are taken. */
function watchBacklog(everyMs) {
  const look = async () => {
    try {
      waiting = await queue.depth();
    } catch (error) {
      log('error', error.message);
    }
  };
  void look();
  setInterval(look, everyMs).unref();
}

function refuseWhenFull() {
  if (waiting > settings.queue.maxBacklog) {
    throw Object.assign(new Error(`settlement backlog is ${waiting}, over ${settings.queue.maxBacklog}`), { status: 503 });
  }
}

module.exports = { watchBacklog, refuseWhenFull };
