import type { Finding, ProbeResult } from '../../../controller/evidence/finding.ts';
import type { ActionType, ProbeContext, Skill } from '../../../skills/skill.ts';
import { findingId, idOf, scenario, targetOf } from './scenario.ts';

/** One skill for each id that the map names: its probe answers at once, and so does its act. */
export function scriptedSkills(): ReadonlyMap<string, Skill> {
  const ids = [...new Set(scenario.nodes.map((node) => node.skill))];
  return new Map(ids.map((id) => [id, scriptedSkill(id)]));
}

function scriptedSkill(id: string): Skill {
  return {
    id,
    title: id,
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: ['service'],
      properties: { service: { type: 'string' } },
    },
    server: id,
    tools: { read: [], write: [] },
    identity: () => undefined,
    probe: (context) => Promise.resolve(look(context)),
    checks: [],
    actions: scenario.fix.action.startsWith(`${id}.`) ? [action] : [],
    remedies: [],
  };
}

function look({ node }: ProbeContext): ProbeResult {
  const service = serviceOf(node.with);
  const findings = scenario.findings
    .filter((finding) => finding.node === node.name)
    .map((finding): Finding => {
      const { kind, severity, summary } = finding;
      return { id: findingId(service, finding), node: node.id, kind, severity, summary, source: 'scripted' };
    });
  return { findings, series: [], changes: [], logTemplates: [], gaps: [], identity: idOf(service, node.name) };
}

function serviceOf(parameters: ProbeContext['node']['with']): string {
  const { service } = parameters;
  return typeof service === 'string' ? service : '';
}

const { fix } = scenario;

const action: ActionType = {
  id: fix.action,
  title: 'Change the task definition',
  class: 'Infra',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['memory'],
    properties: { memory: { type: 'integer', minimum: 128 } },
  },
  idempotency: 'Natural',
  direction: () => fix.direction,
  render: ({ node }, parameters) => {
    const service = serviceOf(node.with);
    return Promise.resolve({
      diff: fix.diff,
      target: { identity: targetOf(service), version: fix.before },
      frozen: { ...parameters, service },
      edits: [],
    });
  },
  unchanged: () => Promise.resolve(true),
  execute: (_context, frozen) => Promise.resolve({ service: frozen['service'] ?? '', taskDefinition: fix.after }),
  probe: () => Promise.resolve({ verdict: 'Absent', evidence: {} }),
  settled: () => Promise.resolve({ state: 'Settled', summary: fix.settled }),
};
