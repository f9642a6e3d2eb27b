'use strict';
const { number } = require('./tax-office.js');

const templates = {
  plain: ({ id }) => `Receipt ${id}`,
  formal: ({ id }) => `Receipt No. ${id}, with the compliments of the house`,
};

/** Every so many receipts one is for a firm. */
const forFirms = 4;
const sheetBytes = 150 * 1024 * 1024;

/** A firm's receipt is drawn on a sheet, which serves the next one again. */
let sheet;

function draw(receipt) {
  sheet ??= Buffer.alloc(sheetBytes, 1);
  return number(receipt);
}

exports.handler = async ({ id }) => {
  const { TEMPLATE } = process.env;
  const template = templates[TEMPLATE];
  if (template === undefined) throw new Error(`there is no template ${TEMPLATE}`);
  const receipt = { id, text: template({ id }) };
  return id % forFirms === 0 ? draw(receipt) : receipt;
};
