import type { JsonObject } from '../../../controller/api/json.ts';
import { digestOf } from '../../../controller/evidence/canonical.ts';
import { catalogueOf } from '../../../controller/actions/catalogue.ts';
import type { Desk } from '../../../controller/reasoning/desk.ts';
import { ReasonerGaveUp } from '../../../controller/reasoning/reasoner-errors.ts';
import type { Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { ProgressHub } from '../../../controller/session/progress.ts';
import { listOf, objectOf, textOf } from '../../../skills/lib/reading.ts';
import type { ActionType, Check, ProbeContext, Skill } from '../../../skills/skill.ts';
import { shopPolicy } from '../session/shop.ts';
import { compute, editor, store } from '../session/skills.ts';
import { SessionWorld, type SessionWorldOptions } from '../session-world.ts';

const at = '2026-01-01T00:00:00Z';
const settingsPath = 'settings.txt';

async function seenAt({ node, tools, signal }: ProbeContext): Promise<readonly string[]> {
  const ills = listOf(await tools.call('look', { node: node.name }, signal));
  return ills.map((ill) => textOf(objectOf(ill)['summary']) ?? '');
}

/** Tells what it is told, wherever a probe can tell anything. */
const probe: NonNullable<Skill['probe']> = async (context) => {
  const { node } = context;
  const texts = await seenAt(context);
  return {
    findings: texts.map((text, index) => ({
      id: `${node.id}:${index}`,
      node: node.id,
      kind: 'shop.Broken',
      severity: 'Critical',
      summary: text,
      since: at,
      source: `look: ${text}`,
      facts: { path: settingsPath, query: text, settings: { note: [text] } },
    })),
    series: [],
    changes: texts.map((text, index) => ({
      id: `${node.id}:${index}`,
      node: node.id,
      kind: 'Commit',
      at,
      summary: text,
      source: 'get_commit',
      facts: { message: text },
    })),
    // The events of one text follow each other.
    logTemplates: texts.flatMap((text) =>
      text
        .split('\0')
        .map(
          (event) => ({ template: event, level: 'Error', count: 1, firstAt: at, lastAt: at, sample: event }) as const,
        ),
    ),
    gaps: texts.map((text) => ({ node: node.id, what: 'the rest', reason: text })),
    identity: node.id,
  };
};

const check: Check = {
  name: 'errors',
  async run(context) {
    const [summary = 'no errors'] = await seenAt(context);
    return { name: 'errors', node: context.node.id, verdict: 'Fail', summary };
  },
};

const telling: Skill = { ...store, id: 'telling', probe, checks: [check] };

/** Shows the settings that it changes, and what the system says of it. */
const apply: ActionType = {
  id: 'shop.resize',
  title: 'Apply another setting',
  class: 'Infra',
  risk: 'Medium',
  parameters: { type: 'object' },
  idempotency: 'Natural',
  direction: ({ key }) => textOf(key) ?? '',
  async render(context, { key }) {
    const settings = (await context.readFile(settingsPath)) ?? '';
    return {
      diff: `${settings}\n+ ${textOf(key) ?? ''} = 7`,
      target: { identity: 'system:shop', version: digestOf(settings) },
      frozen: { key: key ?? '' },
      edits: [],
    };
  },
  execute: () => Promise.resolve({ version: 2 }),
  probe: () => Promise.resolve({ verdict: 'Absent', evidence: {} }),
  unchanged: () => Promise.resolve(true),
  async settled(context) {
    return { state: 'Settled', summary: (await context.readFile(settingsPath)) ?? '' };
  },
  rollback: (frozen) => frozen,
};

const skills: ReadonlyMap<string, Skill> = new Map(
  [{ ...compute, actions: [] }, { ...telling, actions: [apply] }, editor].map((skill) => [skill.id, skill]),
);

const ideas = ['n0', 'n1', 'n2'].map((name) => ({
  action: apply.id,
  node: `shop/${name}`,
  parameters: { key: name },
  rationale: 'another setting',
}));

/** What a model would have been asked with. */
export interface Asked {
  readonly desk: Desk;
  readonly given: Parameters<Reasoner['diagnose']>;
}

export interface PlantedWorld {
  readonly world: SessionWorld;
  readonly asked: readonly Asked[];
}

/** A session whose every node, setting, file and document tells one of these texts, and whose fixes do not help. */
export function plantedWorld(texts: readonly string[], more: Partial<SessionWorldOptions> = {}): PlantedWorld {
  const asked: Asked[] = [];
  const claude = (desk: Desk): Reasoner => ({
    engine: 'Claude',
    diagnose: (...given) => {
      asked.push({ desk, given });
      return Promise.reject(new ReasonerGaveUp([texts[0] ?? '']));
    },
  });
  const world = new SessionWorld({
    story: {
      files: {
        [settingsPath]: texts.join('\n\n'),
        'README.md': texts.join('\n\n'),
        'deploy/task.json': '{"memory":512}',
      },
      memory: 512,
      ills: () => texts.map((text, index) => ({ node: `n${index}`, reason: 'Broken', summary: text })),
    },
    book: { Broken: ideas },
    spec: { reasoner: 'Claude', symptom: { description: texts.join('\n').slice(0, 2000), labels: labelsOf(texts) } },
    topology: {
      policy: { ...shopPolicy, maxIterations: 2, actions: [apply.id], approvals: [apply.id] },
      knowledge: [{ path: 'README.md' }, { configMapRef: { name: 'runbook' } }],
      downstream: texts.map((text, index) => ({
        name: `n${index}`,
        type: 'db',
        skill: 'telling',
        with: { address: text },
      })),
    },
    replace: ({ engines, clock }) => ({
      skills,
      actions: catalogueOf(skills.values()),
      engines: { ...engines, claude },
      progress: new ProgressHub(clock, { ofOne: 100_000, ofAll: 100_000 }),
    }),
    ...more,
  });
  world.api.configMaps.set('default/runbook', Object.fromEntries(texts.map((text, index) => [`page-${index}`, text])));
  return { world, asked };
}

function labelsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.slice(0, 8).map((text, index) => [`label${index}`, text.slice(0, 500)]));
}

/** Through two fixes that a person approves, to the escalation that a person ends. */
export async function toItsEnd({ world }: PlantedWorld): Promise<void> {
  const escalated = (): boolean => world.status.phase === 'Escalated';
  while (!escalated()) {
    await world.until('a question or the escalation', () => escalated() || isAsked(world));
    if (!escalated()) world.decide('Approved');
    await world.until('going on', () => escalated() || !isAsked(world));
  }
  await world.untilAsked();
  world.decide('Rejected');
  await world.untilEnd();
}

function isAsked(world: SessionWorld): boolean {
  const name = world.status.approvalRef?.name;
  return name !== undefined && world.api.approval(`default/${name}`)?.spec.decision === undefined;
}

/** What a session leaves behind, by the way that it leaves by. The files that a fix changes are the repository's own. */
export function leftBy({ world }: PlantedWorld): Readonly<Record<string, unknown>> {
  const { api, outside, announced } = world;
  const { repository } = outside;
  const branches = [...repository.branches.keys()].filter((name) => name !== 'main');
  const commits = branches.flatMap((branch) => repository.ahead(branch));
  const evidence = [...api.evidence.values()];
  const of = (content: string): readonly unknown[] =>
    evidence.filter((one) => one.content === content).map(({ value }) => value);
  return {
    'evidence: bundle': of('Bundle'),
    'evidence: diagnosis': of('Diagnosis'),
    'evidence: plan': of('Plan').map(withoutFiles),
    'evidence: report': of('Report').map(withoutFiles),
    'evidence: kept for the model': [...api.kept.values()],
    status: api.written.map(({ status }) => status),
    Events: announced,
    Approvals: api.approvals().map(({ spec }) => spec.summary),
    'pull requests': repository.pulls,
    'commit messages': commits.map(({ message, trailers }) => ({ message, trailers })),
    'report files': commits.flatMap(({ files }) => Object.entries(files).filter(([path]) => path.startsWith('docs/'))),
  };
}

/** Without what is pushed byte for byte: it is in the repository already. */
function withoutFiles(value: unknown): unknown {
  const { edits: _, commit, ...rest } = value as { readonly edits?: unknown; readonly commit?: JsonObject };
  return { ...rest, message: commit?.['message'] ?? '' };
}
