'use strict';
/** One JSON line an event; the platform collects standard output. */
function log(level, message, fields = {}) {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}

module.exports = { log };
