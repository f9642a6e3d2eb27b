'use strict';
const { setTimeout: delay } = require('node:timers/promises');

/** The tax office takes so long to number a receipt. */
const numberedMs = 1050;

async function number(receipt) {
  await delay(numberedMs);
  return { ...receipt, number: `R-${receipt.id}` };
}

module.exports = { number };
