import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../controller/config/load.ts';
import { inquiryOf } from '../controller/reasoning/claude/inquiry.ts';
import { type Briefing, briefingFor } from '../controller/reasoning/claude/prompt/briefing.ts';
import { limitsBy } from '../controller/reasoning/question.ts';
import { horizonOf, reasoningFor } from '../controller/session/reasoning.ts';
import { skillGuides } from '../controller/wiring/skill-guides.ts';
import { readRecording, recordingsFolder } from '../test/faults/recording.ts';

/** Puts the make-up of a real prompt into docs/context.md: of the evidence that a live run of this fault has left. */

export const file = join(import.meta.dirname, '../docs/context.md');
const fault = 'three-hops';

/** What each part holds, in the order in which they are sent. */
const meanings: Readonly<Record<string, string>> = {
  tools: 'the schema of the answer; the looks that a session has come on top',
  instructions: 'the task, how to read evidence, what an answer must hold',
  catalogue: 'all actions with their schemas, and the causes that skills know',
  guides: 'how to read what the skills of this map find, from their pages',
  symptom: 'what was said to be wrong, and the window',
  graph: 'nodes with health and parameters, and who suffers from whom',
  findings: 'facts of nodes on the way to the symptom and of ill ones; of others a line',
  changes: 'deploys, commits and configuration, the newest first',
  logs: 'distinct messages with their counts and first occurrence',
  series: 'metrics by their figures',
  gaps: 'what could not be seen',
  memory: 'what was tried, failed, or is live',
  precedents: 'sessions that were like it',
  passages: 'documents that are close to what was found',
  offers: 'which action is allowed on which node',
  'left out': 'what there was no room for',
  question: 'what is asked',
};

function briefingWith(contextTokens: number): Briefing {
  const { diagnoses, predictionSeconds } = readRecording(recordingsFolder, fault);
  const [question] = diagnoses;
  if (question === undefined) throw new Error(`the recording of ${fault} holds no diagnosis`);
  const { bundle, memory, allowed } = question;
  const timings = { predictionSeconds };
  const model = { countTokens: () => Promise.reject(unasked), send: () => Promise.reject(unasked) };
  const ledger = { recall: async () => undefined, keep: async () => undefined };
  const desk = { ledger, reads: [], budget: { left: () => 0, spend: () => undefined }, faultsOf: async () => [] };
  const settings = { model: 'none', maxTokens: 0, contextTokens, maxTurns: 1, maxCalls: 0 };
  const options = { knowledge: reasoningFor(timings), horizon: horizonOf(timings), guides: skillGuides() };
  return briefingFor(inquiryOf({ ...options, model, settings }, { desk, bundle, memory, limits: limitsBy(allowed) }));
}

const unasked = new Error('nothing is asked here');

const bounds = parseConfig('claude: {secretRef: {name: claude}, model: none}').claude?.contextTokens ?? 0;
const least = 16_000;

function table(): string {
  const [usual, short] = [briefingWith(bounds), briefingWith(least)];
  const told = new Map(short.makeup);
  const parts = [...new Set([...usual.makeup, ...short.makeup].map(([part]) => part))];
  const own = new Map(usual.makeup);
  const rows = Object.keys(meanings)
    .filter((part) => parts.includes(part))
    .map((part) => row(part, own.get(part) ?? 0, told.get(part) ?? 0, usual.tokens));
  const head = ['part', 'tokens', 'share', `tokens within ${least.toLocaleString('en')}`, 'holds'];
  const all = ['all', figure(usual.tokens), '100%', figure(short.tokens), ''];
  return [head, head.map(() => '---'), ...rows, all].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function row(part: string, tokens: number, short: number, all: number): readonly string[] {
  return [part, figure(tokens), `${Math.round((100 * tokens) / all)}%`, figure(short), meanings[part] ?? ''];
}

function figure(tokens: number): string {
  return tokens.toLocaleString('en');
}

const place = /(<!-- made by npm run generate -->\n\n).*?(\n\n<!-- end -->)/s;

/** The page with the table of today. */
export function contextPage(page: string): string {
  return page.replace(place, (_, begin: string, end: string) => `${begin}${table()}${end}`);
}

if (import.meta.main) writeFileSync(file, contextPage(readFileSync(file, 'utf8')));
