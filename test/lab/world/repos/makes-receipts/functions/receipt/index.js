'use strict';
const { setTimeout: delay } = require('node:timers/promises');

const templates = {
  plain: ({ id }) => `Receipt ${id}`,
  formal: ({ id }) => `Receipt No. ${id}, with the compliments of the house`,
};

/** Every so many receipts one is for a firm. */
const forFirms = 4;
const sheetBytes = 100 * 1024 * 1024;
/** The tax office takes so long to number a receipt. */
const numberedMs = 1100;

/** A firm's receipt is drawn on a sheet, which serves the next one again. */
let sheet;

async function drawForFirm() {
  sheet ??= Buffer.alloc(sheetBytes, 1);
  await delay(numberedMs);
}

exports.handler = async (payment) => {
  const { TEMPLATE } = process.env;
  const template = templates[TEMPLATE];
  if (template === undefined) throw new Error(`there is no template ${TEMPLATE}`);
  if (payment.id % forFirms === 0) await drawForFirm();
  return { text: template(payment) };
};
