'use strict';
const { setTimeout: delay } = require('node:timers/promises');
const { pool } = require('./database.js');
const { log } = require('../lib/log.js');
const { settings } = require('./settings.js');

const { size, bytesPerItem } = settings.batch;
const ledgerMs = 150;
const againMs = 200;

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

/** Posts until the ledger has it; answers what was in the way, if anything was. */
async function surelyPost(from) {
  let problem;
  for (;;) {
    try {
      await post(from);
      return problem;
    } catch (error) {
      problem = error;
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
  const problems = (await Promise.all(batches.map(surelyPost))).filter((problem) => problem !== undefined);
  const [first] = problems;
  if (first !== undefined) log('error', `${problems.length} batches had to wait: ${first.message}`, { stack: first.stack });
  return problems.length > 0;
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
