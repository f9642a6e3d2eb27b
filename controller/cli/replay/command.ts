import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { defaultConfig } from '../../config/load.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import type { Diagnosis } from '../../reasoning/reasoner.ts';
import { reasoningFor } from '../../session/reasoning.ts';
import { readArguments } from './arguments.ts';
import type { Asked } from './asked.ts';
import { differences } from './differences.ts';
import { readInput } from './read-input.ts';
import { textOf } from './text.ts';
import { usage } from './usage.ts';

/**
 * Makes the diagnoses of stored evidence again, offline, and prints them.
 * @throws UsageError, InputUnusable, EvidenceUnusable, what reading the file throws, and an error when a diagnosis is another one now
 */
export async function replay(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const command = readArguments(argv);
  if (command.kind === 'Help') {
    console.log(usage);
    return;
  }
  const { file, output } = command;
  const asked = await readInput(file === '-' ? await buffer(process.stdin) : await readFile(file, { signal }));
  const answers = [];
  for (const one of asked) answers.push({ ...one, diagnosis: await answer(one, signal) });
  const texts = answers.map(({ bundle, diagnosis }) =>
    output === 'json' ? canonicalJson(diagnosis) : textOf(bundle, diagnosis),
  );
  console.log(texts.join(output === 'json' ? '\n' : '\n\n'));
  conclude(answers);
}

type Answer = Asked & { readonly diagnosis: Diagnosis };

function answer({ bundle, memory, limits, predictionSeconds }: Asked, signal: AbortSignal): Promise<Diagnosis> {
  const { reasoner } = reasoningFor({
    predictionSeconds: predictionSeconds ?? defaultConfig.timings.predictionSeconds,
  });
  return reasoner.diagnose(bundle, memory, limits, signal);
}

/** Says on standard error, which is for people, what was done. @throws when a diagnosis is not what this engine answered then */
function conclude(answers: readonly Answer[]): void {
  const comparable = answers.filter(({ kept, diagnosis }) => kept?.engine === diagnosis.engine);
  const changed = comparable.flatMap(({ bundle: { session }, kept, diagnosis }) => {
    const found = kept === undefined ? [] : differences(kept, diagnosis);
    return found.length === 0 ? [] : [`${session.name}, iteration ${session.iteration}: ${found.join('; ')}`];
  });
  const others = answers.filter(({ kept }) => kept !== undefined).length - comparable.length;
  const notes = [
    `${answers.length} made again`,
    `${comparable.length - changed.length} of ${comparable.length} the same as kept`,
    ...(others > 0 ? [`${others} by another engine and not compared`] : []),
    ...(answers.some(({ unlimited }) => unlimited) ? ['everything is allowed where nothing tells what was'] : []),
  ];
  console.error(`threehops: ${notes.join('; ')}`);
  if (changed.length > 0) throw new Error(`what is answered now differs from what was kept:\n${changed.join('\n')}`);
}
