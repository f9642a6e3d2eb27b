import { canonicalJson } from '../../evidence/canonical.ts';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Cause, Diagnosis } from '../../reasoning/reasoner.ts';
import { section } from '../section.ts';

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
