'use strict';
const { createServer } = require('node:http');
const { log } = require('./log.js');

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

function statusOf(error) {
  return Number.isInteger(error.status) ? error.status : 500;
}

/** Serves `routes` (`METHOD /path` -> handler(request) -> {status, body}); logs every request with its status and time. */
function serve(routes) {
  const server = createServer(async (request, response) => {
    const began = performance.now();
    const path = request.url.split('?')[0];
    let answer;
    try {
      const handler = routes[`${request.method} ${path}`];
      answer = handler ? await handler({ path, body: await bodyOf(request) }) : { status: 404, body: { error: 'not found' } };
    } catch (error) {
      answer = { status: statusOf(error), body: { error: error.message } };
      log('error', error.message, { path, stack: error.stack });
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    if (path !== '/health') {
      log('info', 'request', { path, status: answer.status, durationMs: Math.round(performance.now() - began) });
    }
  });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => log('info', 'listening'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
  return server;
}

module.exports = { serve };
