import { modelIn } from '../../lab/host/model.ts';
import type { Engine } from '../../lab/host/session.ts';

const engines: readonly Engine[] = ['Causal', 'Claude', 'Both'];

export interface Available {
  readonly engines: readonly Engine[];
  /** The others, each with the reason. */
  readonly notRun: Readonly<Record<string, string>>;
}

/** @param wanted these alone; all that can be run without it. */
export function availableEngines(env: NodeJS.ProcessEnv, wanted: readonly Engine[] = engines): Available {
  const asked = engines.filter((engine) => wanted.includes(engine));
  const model = modelIn(env);
  const runs = (engine: Engine): boolean => engine === 'Causal' || typeof model !== 'string';
  const silent = engines.filter((engine) => !asked.includes(engine) || !runs(engine));
  const why = (engine: Engine): string => (runs(engine) || typeof model !== 'string' ? 'it was not asked for' : model);
  return {
    engines: asked.filter(runs),
    notRun: Object.fromEntries(silent.map((engine) => [engine, why(engine)])),
  };
}
