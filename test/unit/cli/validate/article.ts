/** The article's map, as it stands there, put into an object. */
export const articleMap = `{
  "apiVersion": "threehops.dev/v1alpha1",
  "kind": "ServiceTopology",
  "metadata": { "name": "payments-api" },
  "spec": {
    "service": "payments-api",
    "upstream": [
      {"name": "api-gateway", "type": "http", "skill": "http-health"},
      {"name": "frontend-app", "type": "http", "skill": "http-health"}
    ],
    "downstream": [
      {"name": "postgresql", "type": "db", "skill": "postgres"},
      {"name": "redis", "type": "cache", "skill": "aws-elasticache"},
      {"name": "sqs-payments", "type": "queue", "skill": "aws-sqs"},
      {"name": "lambda-worker", "type": "compute", "skill": "aws-lambda"},
      {"name": "notification-svc", "type": "http", "skill": "http-health"}
    ]
  }
}
`;
