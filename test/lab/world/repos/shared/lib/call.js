'use strict';
const metrics = require('./metrics.js');

const durations = metrics.histogram('call_duration_seconds', 'How long calls of other services took, by path and outcome.');

/** A JSON call with a timeout; throws with `status` 502 when it fails and 504 when it is late. */
async function call(url, options) {
  const began = performance.now();
  const observe = (outcome) =>
    durations.observe({ path: new URL(url).pathname, outcome }, (performance.now() - began) / 1000);
  try {
    const answer = await ask(url, options);
    observe('ok');
    return answer;
  } catch (error) {
    observe(error.status === 504 ? 'late' : 'failed');
    throw error;
  }
}

async function ask(url, { method = 'GET', body, timeoutMs = 3000 } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const late = error.name === 'TimeoutError';
    const { host } = new URL(url);
    throw Object.assign(new Error(`${late ? 'no answer from' : 'cannot reach'} ${host}`), { status: late ? 504 : 502 });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const { host } = new URL(url);
    throw Object.assign(new Error(`${host} answered ${response.status}: ${answer.error ?? ''}`), { status: 502 });
  }
  return answer;
}

module.exports = { call };
