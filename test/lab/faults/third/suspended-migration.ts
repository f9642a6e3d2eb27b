import pg from 'pg';
import { allowDowntime, definitionFile } from '../definition.ts';
import { edited, editedFiles, mainFile } from '../edit.ts';
import type { Fault, Preparation } from '../fault.ts';
import { trafficFails, trafficIsServed, usersAreServed } from '../judge.ts';
import type { Lab } from '../../world/lab.ts';
import type { WorldNames } from '../../world/names.ts';

/** Of the migrations, by agreement: it is on no table and no row. */
const lock = 72_707_369;
/** Milliseconds that a task which starts waits for it. */
const patienceMs = 8000;

/**
 * Somebody ran the migrations from a laptop and closed its lid in the middle. The session is idle, without a transaction, and has the
 * one lock that each task of payments takes while it starts. Nobody notices until payments are released, with a change that could not be
 * smaller: the old task has ended by then, and a revision that is put back waits for the same lock.
 */
export const fault: Fault = {
  name: 'suspended-migration',
  description:
    'An idle session keeps the advisory lock of the migrations: since a harmless release no task of payments gets past its start',
  session: {
    service: 'gateway',
    symptom: 'Checkouts fail since payments were deployed, the new version does not come up',
  },
  expected: {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names.payments}/${names.nodes.database}` }],
    // Nothing runs in the session that could be cancelled, and what is put back does not start either.
    fixes: ['postgres.terminate-backend'],
    iterations: 2,
  },
  prepare: migratingPayments,
  async inject(lab) {
    await lab.until('some healthy traffic', () => trafficIsServed(lab), 60_000);
    await suspendMigration(lab);
    await allowDowntime(lab, 'payments');
    const path = mainFile(lab);
    const source = await edited(lab, 'payments', path, [
      ['{ payments: await countPayments() }', "{ payments: await countPayments(), currency: 'EUR' }"],
    ]);
    const { conclusion } = await lab.commit('payments', {
      message: 'Name the currency in the summary',
      files: { [path]: source },
    });
    if (conclusion !== 'success') throw new Error(`the release of payments ended with ${conclusion}`);
    await lab.until('a task to give up while it starts', () => taskGaveUp(lab), 90_000);
    await lab.until('users to see it', () => trafficFails(lab, 0.5), 60_000);
  },
  healed: (lab) => usersAreServed(lab),
};

/** Takes the lock and keeps it, idle, until somebody ends the session or the lab ends. */
async function suspendMigration({ postgres, logins, names, signal }: Lab): Promise<void> {
  const client = new pg.Client({
    connectionString: postgres.url(names.database, logins.services),
    application_name: 'migrations-by-hand',
  });
  // Whoever mends this ends it.
  client.on('error', () => undefined);
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  await client.query(`SELECT pg_advisory_lock(${lock})`);
}

async function taskGaveUp(lab: Lab): Promise<boolean> {
  const stopped = await lab.stoppedTasks('payments');
  return stopped.some((task) => task.containers?.[0]?.exitCode === 1);
}

/** Payments that see to their schema before they serve, one task at a time, and are given time for it. */
function migratingPayments(names: WorldNames): Preparation {
  const path = `src/${names.mainFile}`;
  const edits = [
    {
      path,
      from: "require('./database.js');\n",
      to: "require('./database.js');\nconst { migrate } = require('./migrations.js');\n",
    },
    { path, from: '  await checkDatabase();\n', to: '  await checkDatabase();\n  await migrate();\n' },
    { path: definitionFile, from: '"retries": 3', to: '"retries": 3,\n        "startPeriod": 120' },
  ];
  const files = (): Readonly<Record<string, string>> => ({
    ...editedFiles('payments', names, edits),
    'src/migrations.js': migrations(names),
  });
  return { files: (role) => (role === 'payments' ? files() : {}) };
}

function migrations({ payments, tablePayments }: WorldNames): string {
  return `'use strict';
const { Client } = require('pg');
const { log } = require('../lib/log.js');

const { DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_USER, DATABASE_PASSWORD } = process.env;

/** Whoever changes the schema has it, so that two tasks that start together do not both. */
const lock = ${lock};
const patienceMs = ${patienceMs};

async function takeLock(client) {
  await client.query(\`SET lock_timeout = \${patienceMs}\`);
  try {
    await client.query(\`SELECT pg_advisory_lock(\${lock})\`);
  } catch (error) {
    throw new Error(\`timed out waiting for advisory lock \${lock} of the migrations: \${error.message}\`);
  }
}

/** Brings the schema up to date; the lock goes with the connection. */
async function migrate() {
  const client = new Client({
    host: DATABASE_HOST,
    port: Number(DATABASE_PORT),
    database: DATABASE_NAME,
    user: DATABASE_USER,
    password: DATABASE_PASSWORD,
    application_name: '${payments}',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await takeLock(client);
    await client.query('CREATE TABLE IF NOT EXISTS ${tablePayments}_versions (version integer PRIMARY KEY)');
    log('info', 'the schema is up to date');
  } finally {
    await client.end();
  }
}

module.exports = { migrate };
`;
}
