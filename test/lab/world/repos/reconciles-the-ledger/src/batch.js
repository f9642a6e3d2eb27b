'use strict';
const { setTimeout: delay } = require('node:timers/promises');
const { pool } = require('./database.js');
const { log } = require('../lib/log.js');
const { settings } = require('./settings.js');

const { size, bytesPerItem } = settings.batch;
const ledgerMs = 120;
const againMs = 150;

/** The documents of one batch: the room grows to what a batch needs and serves the next one again. */
const room = [];

async function makeRoom(items) {
  while (room.length < items) {
    for (let more = 0; more < 5 && room.length < items; more += 1) room.push(Buffer.alloc(bytesPerItem, 1));
    await delay(20);
  }
}

/** The rows stay locked until the ledger has them. */
async function post(from) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE __TABLE_PAYMENTS__ SET reconciled = true WHERE id >= $1 AND id < $2 AND NOT reconciled', [
      from,
      from + size,
    ]);
    await delay(ledgerMs);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** Posts until the ledger has it; answers how often that failed. */
async function surelyPost(from) {
  for (let failures = 0; ; failures += 1) {
    try {
      await post(from);
      return failures;
    } catch (error) {
      if (failures === 0) log('error', `batch not posted: ${error.message}`, { stack: error.stack });
      await delay(againMs);
    }
  }
}

/**
 * Holds all payments against the ledger, a batch at a time in memory, and posts the batches side by side. Answers whether it fell
 * behind.
 */
async function reconcile() {
  const { rows } = await pool.query('SELECT coalesce(max(id), 0)::int AS last FROM __TABLE_PAYMENTS__');
  const last = rows[0].last;
  await makeRoom(Math.min(size, last));
  const batches = Array.from({ length: Math.ceil(last / size) }, (_, index) => index * size);
  const failures = await Promise.all(batches.map(surelyPost));
  return failures.some((count) => count > 0);
}

function startReconciling(everyMs) {
  const next = async () => {
    let behind = false;
    try {
      behind = await reconcile();
    } catch (error) {
      log('error', `reconciliation failed: ${error.message}`, { stack: error.stack });
    }
    setTimeout(next, behind ? 0 : everyMs).unref();
  };
  setTimeout(next, everyMs).unref();
}

module.exports = { reconcile, startReconciling };
