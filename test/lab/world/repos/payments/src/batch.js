'use strict';
const { pool } = require('./database.js');
const { log } = require('../lib/log.js');
const { settings } = require('./settings.js');

/** Reconciles what was taken in, a batch at a time: a batch is held in memory until it is written. */
async function reconcile() {
  const { size, bytesPerItem } = settings.batch;
  const items = Array.from({ length: size }, () => Buffer.alloc(bytesPerItem, 1));
  const { rows } = await pool.query('SELECT count(*)::int AS n FROM __TABLE_PAYMENTS__ WHERE NOT reconciled');
  await pool.query(
    'UPDATE __TABLE_PAYMENTS__ SET reconciled = true WHERE id IN (SELECT id FROM __TABLE_PAYMENTS__ WHERE NOT reconciled LIMIT $1)',
    [items.length],
  );
  return rows[0].n;
}

function startReconciling(everyMs) {
  let running = false;
  const timer = setInterval(async () => {
    if (running) return;
    running = true;
    try {
      await reconcile();
    } catch (error) {
      log('error', `reconciliation failed: ${error.message}`, { stack: error.stack });
    } finally {
      running = false;
    }
  }, everyMs);
  timer.unref();
}

module.exports = { reconcile, startReconciling };
