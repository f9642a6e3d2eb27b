import type { TextBlockParam, Tool } from '@anthropic-ai/sdk/resources/messages';
import type { Inquiry } from '../inquiry.ts';
import { catalogueText } from './catalogue.ts';
import { fenced } from './fence.ts';
import { instructions } from './instructions.ts';
import { type BlockName, blockNames, fit, type Fitted, type Piece } from './pieces.ts';
import { recollectionsOf } from './recollections.ts';
import { sightingsIn } from './sightings.ts';
import { situationOf } from './situation.ts';
import { estimatedTokens } from './tokens.ts';
import { toolsFor } from './tools.ts';

/** What a conversation begins with. The same inquiry gives the same bytes. */
export interface Briefing {
  readonly system: readonly TextBlockParam[];
  readonly tools: readonly Tool[];
  readonly content: readonly TextBlockParam[];
  /** Estimated, as the next two. Of all. */
  readonly tokens: number;
  /** Of what is told of the session. */
  readonly evidenceTokens: number;
  /** By part, in the order in which they are sent. */
  readonly makeup: readonly (readonly [part: string, tokens: number])[];
}

/** Of the context, for looks and answers. */
const keptFree = 0.25;
/** Of the room for pieces, for what stands around them and for telling what is left out. */
const headings = 0.1;
const cached = { cache_control: { type: 'ephemeral' } } as const;

/** @param most tokens of what is told of the session; as many as the context has room for without it */
export function briefingFor(inquiry: Inquiry, most = Infinity): Briefing {
  const catalogue = catalogueText(inquiry.knowledge);
  const tools = toolsFor(inquiry.desk.reads);
  const stable: [string, number][] = [
    ['tools', estimatedTokens(JSON.stringify(tools))],
    ['instructions', estimatedTokens(instructions)],
    ['catalogue', estimatedTokens(catalogue)],
  ];
  const room = (inquiry.settings.contextTokens * (1 - keptFree) - sum(stable)) * (1 - headings);
  const pieces = [...situationOf(inquiry), ...sightingsIn(inquiry), ...recollectionsOf(inquiry)];
  const fitted = fit(pieces, Math.min(most, room));
  const blocks = [...blocksOf(fitted), ['question', questionOf(inquiry)] as const];
  const makeup = [...stable, ...blocks.map(([name, text]): [string, number] => [name, estimatedTokens(text)])];
  return {
    system: [
      { type: 'text', text: instructions },
      { type: 'text', text: catalogue, ...cached },
    ],
    tools,
    content: blocks.map(([, text], index) => ({ type: 'text', text, ...(index === blocks.length - 1 ? cached : {}) })),
    tokens: sum(makeup),
    evidenceTokens: fitted.tokens,
    makeup,
  };
}

function sum(parts: readonly (readonly [string, number])[]): number {
  return parts.reduce((total, [, tokens]) => total + tokens, 0);
}

function blocksOf({ told, leftOut }: Fitted): readonly (readonly [BlockName | 'left out', string])[] {
  const blocks = blockNames.flatMap((name) => {
    const own = told.filter(({ block }) => block === name);
    return own.length === 0 ? [] : [[name, blockText(name, own)] as const];
  });
  return leftOut.length === 0 ? blocks : [...blocks, ['left out', leftOutText(leftOut)] as const];
}

/** Those with many lines for a node have them under its name. */
const byNode = new Set<BlockName>(['findings', 'changes', 'logs', 'series', 'gaps']);

function blockText(name: BlockName, pieces: readonly Piece[]): string {
  if (name === 'guides') return pieces.map(({ of, text }) => `# Reading what ${of} finds\n\n${text}`).join('\n\n');
  const lines = pieces.map(({ text }) => text);
  if (!byNode.has(name)) return fenced(name, lines.join('\n'));
  const nodes = Map.groupBy(pieces, ({ of }) => of);
  const text = [...nodes].map(([of, own]) => [`at ${JSON.stringify(of)}:`, ...own.map((one) => one.text)].join('\n'));
  return fenced(name, text.join('\n'));
}

const namedAtMost = 20;

function leftOutText(leftOut: readonly Piece[]): string {
  const lines = [...Map.groupBy(leftOut, ({ block }) => block)].map(([block, pieces]) => {
    const of = [...new Set(pieces.map((piece) => JSON.stringify(piece.of)))];
    const more = of.length > namedAtMost ? ` and ${of.length - namedAtMost} more` : '';
    return `${block}: ${pieces.length}, of ${of.slice(0, namedAtMost).join(', ')}${more}`;
  });
  return fenced('left out, or told in short, for want of room', lines.join('\n'));
}

function questionOf({ horizon: { causeSeconds, hopSeconds } }: Inquiry): string {
  return `What is the root cause of the symptom, and what heals it? Findings at the cause are gone ${causeSeconds} seconds after a fix is in force at the earliest, those further on ${hopSeconds} seconds later a hop.`;
}
