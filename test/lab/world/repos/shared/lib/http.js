'use strict';
const { createServer } = require('node:http');
const { log } = require('./log.js');
const metrics = require('./metrics.js');

const requests = metrics.counter('http_requests_total', 'Requests answered, by path and status.');
const durations = metrics.histogram('http_request_duration_seconds', 'How long answers took, by path.');
const inProgress = metrics.gauge('http_requests_in_progress', 'Requests that are not answered yet.');

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

function statusOf(error) {
  return Number.isInteger(error.status) ? error.status : 500;
}

function note(path, status, durationMs) {
  requests.add({ path, status });
  durations.observe({ path }, durationMs / 1000);
  log('info', 'request', { path, status, durationMs: Math.round(durationMs) });
}

/**
 * Serves `routes` (`METHOD /path` -> handler(request) -> {status, body}) and `GET /metrics`; logs and counts every request with its
 * status and time.
 */
function serve(routes) {
  const server = createServer(async (request, response) => {
    const began = performance.now();
    const path = request.url.split('?')[0];
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics.exposition());
      return;
    }
    let answer;
    inProgress.add(1);
    try {
      const handler = routes[`${request.method} ${path}`];
      answer = handler ? await handler({ path, body: await bodyOf(request) }) : { status: 404, body: { error: 'not found' } };
    } catch (error) {
      answer = { status: statusOf(error), body: { error: error.message } };
      log('error', error.message, { path, stack: error.stack });
    }
    inProgress.add(-1);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    if (path !== '/health') note(path, answer.status, performance.now() - began);
  });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => log('info', 'listening'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
  return server;
}

module.exports = { serve };
