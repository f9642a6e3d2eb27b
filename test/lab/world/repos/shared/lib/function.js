'use strict';
const { AWS_ENDPOINT_URL_LAMBDA, AWS_REGION } = process.env;

const authorization =
  `AWS4-HMAC-SHA256 Credential=lab/20260101/${AWS_REGION}/lambda/aws4_request, SignedHeaders=host, Signature=none`;

/** What a function answers; throws with `status` 502 when it fails or is not to be had, and 504 when it is late. */
async function invoke(name, payload, { timeoutMs = 2500 } = {}) {
  let response;
  try {
    response = await fetch(`${AWS_ENDPOINT_URL_LAMBDA}/2015-03-31/functions/${name}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const late = error.name === 'TimeoutError';
    throw failure(name, late ? 'no answer' : 'cannot be reached', late ? 504 : 502);
  }
  const answer = await response.json();
  if (!response.ok) throw failure(name, response.headers.get('x-amzn-errortype') ?? response.status);
  if (response.headers.has('x-amz-function-error')) throw failure(name, answer.errorMessage);
  return answer;
}

function failure(name, words, status = 502) {
  return Object.assign(new Error(`function ${name}: ${words}`), { status });
}

module.exports = { invoke };
