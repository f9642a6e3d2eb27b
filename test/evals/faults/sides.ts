import type { Desk } from '../../../controller/reasoning/desk.ts';
import { limitsBy, type Answered } from '../../../controller/reasoning/question.ts';
import type { Diagnosis, Reasoner } from '../../../controller/reasoning/reasoner.ts';
import { UsageError } from '../../bench/usage-error.ts';
import type { Recording } from '../../faults/recording.ts';
import { diagnoseAgain } from '../../faults/replay.ts';
import { claudeBy } from './claude-side.ts';

/** One of two that are compared: makes a diagnosis of a stored question. */
export interface Side {
  readonly name: string;
  diagnose(given: Answered, recording: Recording, signal: AbortSignal): Promise<Diagnosis>;
  /** So far, in and out together. */
  tokens(): number;
}

/** `ENGINE:MODEL[:BASE-URL]`, without the engine. */
export interface ModelChoice {
  readonly model: string;
  readonly baseUrl?: string;
}

/** What asks no model. */
const plain: Readonly<Record<string, Side>> = {
  Recorded: { name: 'Recorded', diagnose: async ({ diagnosis }) => diagnosis, tokens: () => 0 },
  Causal: { name: 'Causal', diagnose: (given, recording) => diagnoseAgain(given, recording), tokens: () => 0 },
};

/** What asks a model, by engine. */
const modelled: Readonly<Record<string, (choice: ModelChoice) => (desk: Desk) => Reasoner>> = {
  Claude: claudeBy,
};

/** @throws UsageError for an engine that there is not */
export function sideOf(spec: string): Side {
  const [engine = '', model, ...rest] = spec.split(':');
  const known = plain[spec];
  if (known !== undefined) return known;
  const make = modelled[engine];
  if (make !== undefined && model !== undefined) {
    // An address has colons of its own.
    return atDesk(spec, make({ model, ...(rest.length === 0 ? {} : { baseUrl: rest.join(':') }) }));
  }
  const all = [...Object.keys(plain), ...Object.keys(modelled).map((name) => `${name}:MODEL[:BASE-URL]`)];
  throw new UsageError(`a side is one of ${all.join(', ')}, not ${spec}`);
}

/** An engine at a desk with nothing to look at but the stored evidence, one for each recorded session. */
export function atDesk(name: string, sitDown: (desk: Desk) => Reasoner): Side {
  const seated = new WeakMap<Recording, Reasoner>();
  let tokens = 0;
  const spend: Desk['budget']['spend'] = ({ input, output }) => void (tokens += input + output);
  return {
    name,
    diagnose({ bundle, memory, allowed }, recording, signal) {
      const reasoner = seated.get(recording) ?? sitDown(deskWith(spend));
      seated.set(recording, reasoner);
      return reasoner.diagnose(bundle, memory, limitsBy(allowed), signal);
    },
    tokens: () => tokens,
  };
}

/** What is asked is kept for as long as the comparison takes. An edit cannot be tried without its repository. */
function deskWith(spend: Desk['budget']['spend']): Desk {
  const kept = new Map<string, unknown>();
  return {
    ledger: {
      recall: async (key) => kept.get(key),
      keep: async (key, value) => void (kept.has(key) ? undefined : kept.set(key, value)),
    },
    reads: [],
    budget: { left: () => Infinity, spend },
    faultsOf: async () => [],
  };
}
