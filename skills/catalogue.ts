import type { EmbeddedServer } from '../controller/mcp/tool.ts';
import { skill as awsEcs } from './aws-ecs/skill.ts';
import { server as awsEcsServer } from './aws-ecs/server/server.ts';
import { skill as awsElastiCache } from './aws-elasticache/skill.ts';
import { server as awsElastiCacheServer } from './aws-elasticache/server/server.ts';
import { skill as awsLambda } from './aws-lambda/skill.ts';
import { server as awsLambdaServer } from './aws-lambda/server/server.ts';
import { skill as awsSqs } from './aws-sqs/skill.ts';
import { server as awsSqsServer } from './aws-sqs/server/server.ts';
import { skill as cloudwatch } from './cloudwatch/skill.ts';
import { server as cloudwatchServer } from './cloudwatch/server/server.ts';
import { skill as codeEditor } from './code-editor/skill.ts';
import { skill as codeReader } from './code-reader/skill.ts';
import { skill as commitPush } from './commit-push/skill.ts';
import { skill as deployWaiter } from './deploy-waiter/skill.ts';
import { skill as github } from './github/skill.ts';
import { server as githubServer } from './github/server/server.ts';
import { skill as githubActions } from './github-actions/skill.ts';
import { skill as httpHealth } from './http-health/skill.ts';
import { server as httpServer } from './http-health/server/server.ts';
import { skill as kubernetes } from './kubernetes/skill.ts';
import { server as kubernetesServer } from './kubernetes/server/server.ts';
import { sessionChecks as loadChecks, skill as loadTest } from './load-test/skill.ts';
import { server as loadServer } from './load-test/server/server.ts';
import { skill as postgres } from './postgres/skill.ts';
import { server as postgresServer } from './postgres/server/server.ts';
import { skill as redis } from './redis/skill.ts';
import { skill as prometheus } from './prometheus/skill.ts';
import { server as prometheusServer } from './prometheus/server/server.ts';
import { server as redisServer } from './redis/server/server.ts';
import type { Check, Skill } from './skill.ts';

/** All skills that come with the operator. */
export const skills: readonly Skill[] = [
  awsEcs,
  deployWaiter,
  cloudwatch,
  awsSqs,
  awsLambda,
  github,
  githubActions,
  codeReader,
  codeEditor,
  commitPush,
  postgres,
  httpHealth,
  loadTest,
  redis,
  awsElastiCache,
  prometheus,
  kubernetes,
];

/** The embedded MCP servers behind them; several skills may share one. */
export const servers: readonly EmbeddedServer[] = [
  awsEcsServer,
  cloudwatchServer,
  awsSqsServer,
  awsLambdaServer,
  githubServer,
  postgresServer,
  httpServer,
  loadServer,
  redisServer,
  awsElastiCacheServer,
  prometheusServer,
  kubernetesServer,
];

/** Checks of a whole service rather than of a node. */
export const sessionChecks: readonly { readonly check: Check; readonly skill: Skill }[] = loadChecks;
