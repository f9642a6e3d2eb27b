'use strict';
const assert = require('node:assert');
const { test } = require('node:test');
const { log } = require('../lib/log.js');

test('a log line is JSON', () => {
  assert.strictEqual(typeof log, 'function');
});
