import type { Skill } from '../skill.ts';
import { certificateTool } from './certificate.ts';
import { healthy } from './checks.ts';
import { doubts, httpIdentity, parameters, placeOf } from './parameters.ts';
import { probe } from './probe.ts';
import { httpTool } from './sample.ts';

export const skill: Skill = {
  id: 'http-health',
  title: 'HTTP endpoint',
  parameters,
  doubts,
  server: 'http',
  tools: { read: [httpTool, certificateTool], write: [] },
  identity: httpIdentity,
  place: placeOf,
  probe,
  checks: [healthy],
  actions: [],
  remedies: [],
};
