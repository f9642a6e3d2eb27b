import { defaultConfig } from '../../../controller/config/load.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { createClaude } from '../../../controller/reasoning/claude/claude.ts';
import { createMessagesClient } from '../../../controller/reasoning/claude/messages-client.ts';
import type { Desk } from '../../../controller/reasoning/desk.ts';
import type { Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { horizonOf, reasoningFor } from '../../../controller/session/reasoning.ts';
import { looks } from '../../../controller/wiring/claude.ts';
import { skillGuides } from '../../../controller/wiring/skill-guides.ts';
import { UsageError } from '../../bench/usage-error.ts';
import { modelIn } from '../../lab/host/model.ts';
import type { ModelChoice } from './sides.ts';

/** The operator's own way to ask a model, with the key of the environment. @throws UsageError where there is none */
export function claudeBy({ model, baseUrl }: ModelChoice): (desk: Desk) => Reasoner {
  const known = modelIn({ ...process.env, ANTHROPIC_MODEL: model });
  if (typeof known === 'string') throw new UsageError(known);
  const { timings } = defaultConfig;
  return createClaude({
    knowledge: reasoningFor(timings),
    horizon: horizonOf(timings),
    guides: skillGuides(),
    model: createMessagesClient({
      baseUrl: baseUrl ?? known.baseUrl,
      requestSeconds: 300,
      clock: systemClock,
      access: () => Promise.resolve({ apiKey: known.apiKey, fetch }),
    }),
    settings: { model, maxTokens: 16_000, contextTokens: 60_000, ...looks },
  });
}
