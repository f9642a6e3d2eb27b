'use strict';
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { test } = require('node:test');

test('the page has a form and a script', () => {
  const page = readFileSync(join(__dirname, '..', 'public', 'index.html'), 'utf8');
  assert.match(page, /<form>/);
  assert.match(page, /<script src=/);
});
