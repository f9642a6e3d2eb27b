'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const settings = JSON.parse(readFileSync(join(__dirname, '..', 'config', '__SETTINGS__'), 'utf8'));

module.exports = { settings };
