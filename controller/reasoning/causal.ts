import { fitted, type Calibration } from './calibration.ts';
import { diagnosisOf } from './diagnose.ts';
import type { Horizon } from './predictions.ts';
import type { Knowledge } from './proposals.ts';
import type { Reasoner } from './reasoner.ts';
import { examineSupposing } from './supposing.ts';

const engine = 'Causal';
const usualHorizon: Horizon = { causeSeconds: 30, hopSeconds: 10 };

/**
 * The embedded reasoner: no model, no network, the same bundle, memory and limits give the same bytes. It knows no system;
 * causes and fixes come from the skills' remedies, the rest from the shape of findings, changes and the graph.
 */
export function createCausal(
  knowledge: Knowledge,
  horizon: Horizon = usualHorizon,
  calibration: Calibration = fitted,
): Reasoner {
  return {
    engine,
    async diagnose(bundle, memory, limits, signal) {
      signal.throwIfAborted();
      const examination = examineSupposing(bundle, memory, knowledge, limits);
      return diagnosisOf(examination, limits, { engine, horizon, calibration });
    },
  };
}
