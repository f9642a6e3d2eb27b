'use strict';
const { pool } = require('./database.js');
const { settings } = require('./settings.js');

/** To read through a customer's history takes the database so long. */
const historySeconds = 0.9;
const kinds = ['fee', 'limit', 'discount', 'currency', 'country', 'bank'];
const customers = 8;

/** The terms of the payment's customer, worked out once and then kept in the cache for a while. */
async function termsOf(redis, payment) {
  const { keyBy, seconds } = settings.terms;
  const keys = kinds.map((kind) => ['terms', kind, ...keyBy.map((part) => payment[part])].join(':'));
  const known = await redis.mGet(keys);
  if (!known.includes(null)) return known;
  await pool.query('SELECT pg_sleep($1)', [historySeconds]);
  await Promise.all(keys.map((key) => redis.set(key, 'standard', { EX: seconds })));
  return keys.map(() => 'standard');
}

/** Who pays at a till is one of the shops. */
function anyCustomer() {
  return Math.floor(Math.random() * customers);
}

module.exports = { anyCustomer, termsOf };
