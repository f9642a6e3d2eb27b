import { canonicalJson } from '../../evidence/canonical.ts';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Cause, Diagnosis } from '../../reasoning/reasoner.ts';

const width = 80;
const margin = 13;

/** A diagnosis for a person, in 80 columns. */
export function textOf({ session, symptom }: EvidenceBundle, diagnosis: Diagnosis): string {
  const { engine, model, verdict, rootCause, chain, claims, gaps, fix, predictions, alternatives } = diagnosis;
  const by = model === undefined ? engine : `${engine} (${model})`;
  return [
    `${session.name}, iteration ${session.iteration}, by ${by}`,
    ...section('Symptom', [`${symptom.description} (${symptom.node})`]),
    ...section('Cause', rootCause === undefined ? [withoutCause[verdict]] : [causeOf(rootCause), rootCause.summary]),
    ...section('Chain', chain.length === 0 ? [] : [chain.join(' -> ')]),
    ...section(
      'Because',
      claims.map(({ text, findings }) => `- ${text} [${findings.join(', ')}]`),
    ),
    ...section(
      'Not seen',
      gaps.map((gap) => `- ${gap}`),
    ),
    ...section(
      'Fix',
      fix === undefined
        ? ['none that is allowed and untried']
        : [`${fix.action} at ${fix.node} ${canonicalJson(fix.parameters)}`, fix.rationale],
    ),
    ...section(
      'Then',
      predictions.map((one) => `- within ${one.withinSeconds} s ${one.findingGone} is gone from ${one.node}`),
    ),
    ...section(
      'Or else',
      alternatives.map((one) => `- ${causeOf(one)}`),
    ),
  ].join('\n');
}

const withoutCause: Readonly<Record<Diagnosis['verdict'], string>> = {
  Cause: 'none is named',
  NoFault: 'none: nothing is wrong',
  Inconclusive: 'none was found, and not everything could be seen',
};

function causeOf({ kind, node, confidence }: Cause): string {
  return `${kind} at ${node} (confidence ${confidence.toFixed(2)})`;
}

/** A heading with its paragraphs beside it; nothing where there are none. */
function section(name: string, paragraphs: readonly string[]): readonly string[] {
  return paragraphs
    .flatMap((paragraph) => wrapped(paragraph, width - margin))
    .map((line, index) => `${(index === 0 ? name : '').padEnd(margin)}${line}`);
}

/** Breaks at spaces; a word longer than the room is broken too. What follows a dash stays in line with it. */
function wrapped(paragraph: string, room: number): readonly string[] {
  const indent = paragraph.startsWith('- ') ? '  ' : '';
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/).flatMap((one) => pieces(one, room - indent.length))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room) line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}

function pieces(word: string, room: number): readonly string[] {
  return Array.from({ length: Math.ceil(word.length / room) }, (_, index) =>
    word.slice(index * room, (index + 1) * room),
  );
}
