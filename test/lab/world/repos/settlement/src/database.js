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
});
pool.on('error', () => undefined);

module.exports = { pool };
