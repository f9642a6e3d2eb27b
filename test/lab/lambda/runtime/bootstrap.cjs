'use strict';
// The runtime of an execution environment: asks Lambda's runtime API for one invocation after the other and hands each to the handler.
const { request } = require('node:http');
const { join } = require('node:path');
const { format } = require('node:util');

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
let requestId = '';

function call(method, path, body = '') {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`, { method }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ headers: answer.headers, text });
    });
    sent.once('error', reject).end(body);
  });
}

for (const [method, level] of Object.entries({ log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' })) {
  console[method] = (...words) => {
    const line = format(...words).replaceAll('\n', '\r');
    process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${line}\n`);
  };
}

function described(error) {
  const stack = String(error?.stack ?? '').split('\n');
  return JSON.stringify({ errorType: error?.name ?? 'Error', errorMessage: error?.message ?? String(error), stack });
}

function handlerOf(name) {
  const dot = name.lastIndexOf('.');
  const handler = require(join(LAMBDA_TASK_ROOT, name.slice(0, dot)))[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${name} is undefined or not exported`);
  return handler;
}

async function serveOne(handler) {
  const { headers, text } = await call('GET', 'invocation/next');
  requestId = headers['lambda-runtime-aws-request-id'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - Date.now() };
  try {
    const result = await handler(JSON.parse(text), context);
    await call('POST', `invocation/${requestId}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    console.error('Invoke Error ', described(error));
    await call('POST', `invocation/${requestId}/error`, described(error));
  }
}

async function main() {
  let handler;
  try {
    handler = handlerOf(_HANDLER);
  } catch (error) {
    console.error('Uncaught Exception ', described(error));
    await call('POST', 'init/error', described(error));
    process.exit(1);
  }
  for (;;) await serveOne(handler);
}

void main();
