'use strict';
const { setTimeout: delay } = require('node:timers/promises');
const { pool } = require('./database.js');

/** The bank answers after so long, however many payments it is told of. */
const bankMs = 3000;

async function post(payments) {
  const total = payments.reduce((sum, { amount }) => sum + Number(amount), 0);
  await delay(bankMs);
  await pool.query('UPDATE __TABLE_ACCOUNTS__ SET balance = balance + $1 WHERE name = $2', [total, 'merchant']);
}

module.exports = { post };
