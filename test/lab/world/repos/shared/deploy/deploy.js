'use strict';
// Registers deploy/task-definition.json with the image of this commit and lets the service run it.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { ECS_ENDPOINT, ECS_CLUSTER, GITHUB_SHA } = process.env;

async function call(operation, input) {
  const response = await fetch(ECS_ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${answer.__type} ${answer.message}`);
  return answer;
}

async function main() {
  const definition = JSON.parse(readFileSync(join(__dirname, 'task-definition.json'), 'utf8'));
  for (const container of definition.containerDefinitions) {
    container.image = `${container.image.split(':')[0]}:${GITHUB_SHA}`;
  }
  const { taskDefinition } = await call('RegisterTaskDefinition', definition);
  const { family, revision } = taskDefinition;
  await call('UpdateService', { cluster: ECS_CLUSTER, service: family, taskDefinition: `${family}:${revision}` });
  console.log(`deployed ${family}:${revision} with ${GITHUB_SHA}`);
}

main().catch((error) => {
  console.error(`deploy failed: ${error.message}`);
  process.exit(1);
});
