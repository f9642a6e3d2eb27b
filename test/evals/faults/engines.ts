import type { Engine } from '../../lab/host/session.ts';

const engines: readonly Engine[] = ['Causal', 'Claude', 'Both'];

/** What lets an engine that asks a model work: its key, in the environment alone. */
const key = 'ANTHROPIC_API_KEY';

export interface Available {
  readonly engines: readonly Engine[];
  /** The others, each with the reason. */
  readonly notRun: Readonly<Record<string, string>>;
}

/** @param wanted these alone; all that can be run without it. */
export function availableEngines(env: NodeJS.ProcessEnv, wanted: readonly Engine[] = engines): Available {
  const asked = engines.filter((engine) => wanted.includes(engine));
  const runs = (engine: Engine): boolean => engine === 'Causal' || (env[key] ?? '') !== '';
  const silent = engines.filter((engine) => !asked.includes(engine) || !runs(engine));
  const why = (engine: Engine): string =>
    runs(engine) ? 'it was not asked for' : `there is no ${key} in the environment`;
  return {
    engines: asked.filter(runs),
    notRun: Object.fromEntries(silent.map((engine) => [engine, why(engine)])),
  };
}
