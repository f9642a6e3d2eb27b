'use strict';
const { request } = require('node:http');
const { AWS_ENDPOINT_URL, AWS_REGION, QUEUE_NAME } = process.env;

const authorization =
  `AWS4-HMAC-SHA256 Credential=lab/20260101/${AWS_REGION}/sqs/aws4_request, SignedHeaders=host, Signature=none`;
let url;

/** Status and text of the answer; throws where there is none within 5 s. A worker asks all day: this costs half of what fetch does. */
function post(headers, body) {
  return new Promise((resolve, reject) => {
    const asked = request(AWS_ENDPOINT_URL, { method: 'POST', headers, signal: AbortSignal.timeout(5000) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('error', reject);
      answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: answer.statusCode, text }));
    });
    asked.on('error', reject).end(body);
  });
}

async function sqs(operation, input) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}`, authorization };
  const { status, text } = await post(headers, JSON.stringify(input));
  const answer = text === '' ? {} : JSON.parse(text);
  if (status >= 400) throw new Error(`queue ${QUEUE_NAME}: ${answer.__type ?? status} ${answer.message ?? ''}`);
  return answer;
}

async function queueUrl() {
  url ??= (await sqs('GetQueueUrl', { QueueName: QUEUE_NAME })).QueueUrl;
  return url;
}

async function send(message) {
  await sqs('SendMessage', { QueueUrl: await queueUrl(), MessageBody: JSON.stringify(message) });
}

async function receive() {
  const { Messages = [] } = await sqs('ReceiveMessage', {
    QueueUrl: await queueUrl(),
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 1,
  });
  return Messages;
}

/** Takes back what was received together, ten at most. */
async function remove(messages) {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs('DeleteMessageBatch', { QueueUrl: await queueUrl(), Entries });
}

/** Messages that wait for a consumer. */
async function depth() {
  const { Attributes } = await sqs('GetQueueAttributes', {
    QueueUrl: await queueUrl(),
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  return Number(Attributes.ApproximateNumberOfMessages);
}

module.exports = { send, receive, remove, depth };
