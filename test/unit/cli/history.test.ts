import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differences } from '../../../controller/cli/replay/differences.ts';
import { readInput } from '../../../controller/cli/replay/read-input.ts';
import { canonicalJson } from '../../../controller/evidence/canonical.ts';
import { reasoningFor } from '../../../controller/session/reasoning.ts';
import { forever } from '../../helpers/kube-things.ts';
import { crdCheck } from '../../helpers/session/crd-schema.ts';

const folder = join(import.meta.dirname, '../../fixtures/history');

describe.each(readdirSync(folder))('what was stored in the days of %s', (name) => {
  test('is reasoned about as it was then, and to the byte as is written down today', async () => {
    const asked = await readInput(readFileSync(join(folder, name, 'evidences.json')));
    const lines: string[] = [];
    for (const { bundle, memory, limits, predictionSeconds = 0, kept } of asked) {
      const { reasoner } = reasoningFor({ predictionSeconds });
      const diagnosis = await reasoner.diagnose(bundle, memory, limits, forever);
      const told = kept === undefined ? ['nothing was kept'] : differences(kept, diagnosis);
      // How sure it is was fitted since.
      expect(told.filter((difference) => !/^(words|confidence)/.test(difference))).toEqual([]);
      lines.push(canonicalJson(diagnosis));
    }
    expect(`${lines.join('\n')}\n`).toBe(readFileSync(join(folder, name, 'diagnoses.jsonl'), 'utf8'));
  });

  test('is a session that today’s schema takes', () => {
    const session: unknown = JSON.parse(readFileSync(join(folder, name, 'session.json'), 'utf8'));
    expect(session).toHaveProperty('status.phase');
    expect(crdCheck('debugsessions')(session)).toEqual([]);
  });
});
