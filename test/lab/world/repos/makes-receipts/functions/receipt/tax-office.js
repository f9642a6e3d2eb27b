'use strict';
const { setTimeout: delay } = require('node:timers/promises');

/** The tax office takes so long to number a receipt. */
const numberedMs = 300;

async function number(receipt) {
  await delay(numberedMs);
  return { ...receipt, number: `R-${receipt.id}` };
}

module.exports = { number };
