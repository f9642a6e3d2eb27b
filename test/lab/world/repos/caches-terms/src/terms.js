'use strict';
const { pool } = require('./database.js');
const { settings } = require('./settings.js');

const customers = 8;
/** To read through a customer's history takes the database so long. */
const historySeconds = 1.2;

/** A customer's terms, worked out once and then kept in the cache for a while. */
async function termsOf(redis, customer) {
  const key = `terms:${customer}`;
  const known = await redis.get(key);
  if (known !== null) return known;
  await pool.query('SELECT pg_sleep($1)', [historySeconds]);
  await redis.set(key, 'standard', { EX: settings.cache.termsSeconds });
  return 'standard';
}

function anyCustomer() {
  return Math.floor(Math.random() * customers);
}

module.exports = { anyCustomer, termsOf };
