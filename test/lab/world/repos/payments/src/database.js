'use strict';
const { Pool } = require('pg');
const { settings } = require('./settings.js');

const { DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_USER, DATABASE_PASSWORD } = process.env;

const pool = new Pool({
  host: DATABASE_HOST,
  port: Number(DATABASE_PORT),
  database: DATABASE_NAME,
  user: DATABASE_USER,
  password: DATABASE_PASSWORD,
  application_name: '__SERVICE__',
  max: settings.database.poolSize,
  connectionTimeoutMillis: settings.database.connectTimeoutMs,
  query_timeout: 5000,
});
pool.on('error', () => undefined);

/** SQLSTATE: no connection is free, or the server is starting. */
const busy = new Set(['53300', '57P03']);

/** Whether the database is the right one and lets us in. One that is only busy is no reason not to start. */
async function checkDatabase() {
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    if (!busy.has(error.code)) throw error;
  }
}

/** A payment that was taken in already is not taken twice, however often its reference comes. */
async function findPayment(reference) {
  const { rows } = await pool.query('SELECT id FROM __TABLE_PAYMENTS__ WHERE reference = $1', [reference]);
  return rows[0]?.id;
}

async function insertPayment(amount, reference) {
  const text = 'INSERT INTO __TABLE_PAYMENTS__ (amount, reference) VALUES ($1, $2) RETURNING id';
  const { rows } = await pool.query(text, [amount, reference]);
  return rows[0].id;
}

async function countPayments() {
  const { rows } = await pool.query('SELECT count(*)::int AS n FROM __TABLE_PAYMENTS__');
  return rows[0].n;
}

module.exports = { pool, checkDatabase, findPayment, insertPayment, countPayments };
