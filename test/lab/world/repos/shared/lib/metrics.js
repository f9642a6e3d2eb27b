'use strict';
/** The service's own numbers, in Prometheus' text format. */
const families = new Map();

function family(name, type, help) {
  if (!families.has(name)) families.set(name, { type, help, series: new Map() });
  return families.get(name).series;
}

function keyOf(labels) {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(String(value))}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Counts what happened. */
function counter(name, help) {
  const series = family(name, 'counter', help);
  return {
    add(labels = {}, by = 1) {
      const key = keyOf(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
  };
}

/** A number that goes up and down. */
function gauge(name, help) {
  const series = family(name, 'gauge', help);
  series.set('', 0);
  return { add: (by) => series.set('', series.get('') + by) };
}

const bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Durations in seconds, by how many took at most so long. */
function histogram(name, help) {
  const series = family(name, 'histogram', help);
  const add = (key, by) => series.set(key, (series.get(key) ?? 0) + by);
  return {
    observe(labels, seconds) {
      for (const le of bounds) add(`_bucket${keyOf({ ...labels, le })}`, seconds <= le ? 1 : 0);
      add(`_bucket${keyOf({ ...labels, le: '+Inf' })}`, 1);
      add(`_sum${keyOf(labels)}`, seconds);
      add(`_count${keyOf(labels)}`, 1);
    },
  };
}

function exposition() {
  const lines = [];
  for (const [name, { type, help, series }] of families) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [key, value] of series) lines.push(`${name}${key} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

module.exports = { counter, gauge, histogram, exposition };
