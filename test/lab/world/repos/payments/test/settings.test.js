'use strict';
const assert = require('node:assert');
const { test } = require('node:test');
const { settings } = require('../src/settings.js');

test('the settings are whole', () => {
  assert.ok(settings.batch.size > 0);
  assert.ok(settings.database.poolSize > 0);
  assert.ok(settings.queue.maxBacklog > 0);
});
