'use strict';
const { pool } = require('./database.js');

/** All that was received together in one statement. */
async function post(payments) {
  const total = payments.reduce((sum, { amount }) => sum + Number(amount), 0);
  await pool.query('UPDATE __TABLE_ACCOUNTS__ SET balance = balance + $1 WHERE name = $2', [total, 'merchant']);
}

module.exports = { post };
