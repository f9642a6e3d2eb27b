'use strict';
const assert = require('node:assert');
const { test } = require('node:test');
const { call } = require('../lib/call.js');

test('a service that cannot be reached is a 502', async () => {
  await assert.rejects(call('http://127.0.0.1:9/'), { status: 502 });
});
