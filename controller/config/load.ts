import { readFile } from 'node:fs/promises';
import { Ajv, type ErrorObject } from 'ajv';
import { loadAll, YAMLException } from 'js-yaml';
import type { Config, SessionLimits } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { configSchema } from './config-schema.ts';
import { deepFreeze } from './deep-freeze.ts';
import { formats } from './formats.ts';
import { type LineOf, yamlLines } from './yaml-lines.ts';

const ajv = new Ajv({ allErrors: true, useDefaults: true, formats: { ...formats } });
const validate = ajv.compile<Config>(configSchema);

/** Reads the file of --config. @throws ConfigError; the signal's reason. */
export async function loadConfig(file: string, signal: AbortSignal): Promise<Config> {
  try {
    return parseConfig(await readFile(file, { encoding: 'utf8', signal }), file);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(file, [{ pointer: '', message: 'cannot be read' }], { cause: error });
  }
}

/** A configuration from YAML or JSON text, its defaults filled in. @throws ConfigError naming every wrong field. */
export function parseConfig(text: string, file = 'config'): Config {
  const value = parseYaml(text, file);
  const lineOf = yamlLines(text);
  const problems = validate(value)
    ? [...limitProblems(value), ...sandboxProblems(value)]
    : (validate.errors ?? []).map(problemOf);
  if (problems.length > 0)
    throw new ConfigError(
      file,
      problems.map((problem) => withLine(problem, lineOf)),
    );
  return deepFreeze(value as Config);
}

/** What an operator without a configuration runs on: it diagnoses and proposes, and acts nowhere. */
export const defaultConfig: Config = parseConfig('{}');

/** The one document of a text; an empty object for a text without any. */
function parseYaml(text: string, file: string): unknown {
  try {
    // Aliases are bounded because a few lines of them can stand for gigabytes.
    const [document, ...more] = loadAll(text, { filename: file, maxAliases: 100, maxDepth: 50 });
    if (more.length > 0) throw new ConfigError(file, [{ pointer: '', message: 'holds more than one document' }]);
    return document ?? {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark?.line;
    const at = line === undefined ? {} : { line: line + 1 };
    throw new ConfigError(file, [{ pointer: '', ...at, message: error.reason }], { cause: error });
  }
}

function problemOf(error: ErrorObject): ConfigProblem {
  const { additionalProperty, propertyName, format } = error.params as Record<string, string | undefined>;
  if (additionalProperty !== undefined) {
    return { pointer: `${error.instancePath}/${escape(additionalProperty)}`, message: 'is not known' };
  }
  if (propertyName !== undefined) {
    return { pointer: `${error.instancePath}/${escape(propertyName)}`, message: 'is not a valid name' };
  }
  if (format !== undefined) return { pointer: error.instancePath, message: `is no ${format}` };
  return { pointer: error.instancePath, message: error.message ?? 'is wrong' };
}

/** What JSON Schema cannot say: no default above its maximum. */
function limitProblems(config: Config): ConfigProblem[] {
  const names = Object.keys(config.limits.default) as (keyof SessionLimits)[];
  return names
    .filter((name) => config.limits.default[name] > config.limits.maximum[name])
    .map((name) => ({
      pointer: `/limits/default/${name}`,
      message: `is above /limits/maximum/${name} (${config.limits.maximum[name]})`,
    }));
}

function sandboxProblems({ sandbox }: Config): ConfigProblem[] {
  if (sandbox.kind !== 'Job' || sandbox.job !== undefined) return [];
  return [{ pointer: '/sandbox/job', message: 'is needed where /sandbox/kind is Job' }];
}

function withLine(problem: ConfigProblem, lineOf: LineOf): ConfigProblem {
  const line = lineOf(problem.pointer);
  return line === undefined ? problem : { ...problem, line };
}

function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
