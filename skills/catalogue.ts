import type { EmbeddedServer } from '../controller/mcp/tool.ts';
import { skill as awsEcs } from './aws-ecs/skill.ts';
import { server as awsEcsServer } from './aws-ecs/server/server.ts';
import { skill as cloudwatch } from './cloudwatch/skill.ts';
import { server as cloudwatchServer } from './cloudwatch/server/server.ts';
import { skill as deployWaiter } from './deploy-waiter/skill.ts';
import { skill as github } from './github/skill.ts';
import { server as githubServer } from './github/server/server.ts';
import { skill as githubActions } from './github-actions/skill.ts';
import type { Check, Skill } from './skill.ts';

/** All skills that come with the operator. */
export const skills: readonly Skill[] = [awsEcs, deployWaiter, cloudwatch, github, githubActions];

/** The embedded MCP servers behind them; several skills may share one. */
export const servers: readonly EmbeddedServer[] = [awsEcsServer, cloudwatchServer, githubServer];

/** Checks of a whole service rather than of a node. */
export const sessionChecks: readonly { readonly check: Check; readonly skill: Skill }[] = [];
