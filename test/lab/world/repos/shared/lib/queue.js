'use strict';
const { AWS_ENDPOINT_URL, AWS_REGION, QUEUE_NAME } = process.env;

const authorization =
  `AWS4-HMAC-SHA256 Credential=lab/20260101/${AWS_REGION}/sqs/aws4_request, SignedHeaders=host, Signature=none`;
let url;

async function sqs(operation, input) {
  const response = await fetch(AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}`, authorization },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(5000),
  });
  const text = await response.text();
  const answer = text === '' ? {} : JSON.parse(text);
  if (!response.ok) throw new Error(`queue ${QUEUE_NAME}: ${answer.__type ?? response.status} ${answer.message ?? ''}`);
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
