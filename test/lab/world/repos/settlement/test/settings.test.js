'use strict';
const assert = require('node:assert');
const { test } = require('node:test');
const { settings } = require('../src/settings.js');

test('the settings are whole', () => {
  assert.ok(settings.database.poolSize > 0);
});
