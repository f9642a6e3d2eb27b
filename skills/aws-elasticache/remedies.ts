import type { Finding } from '../../controller/evidence/finding.ts';
import { evictWhenFull } from '../lib/redis/eviction-remedy.ts';
import { numberOf, objectOf } from '../lib/reading.ts';
import type { Remedy, RemedyContext } from '../skill.ts';
import { restoreParameterId } from './actions/restore-parameter.ts';
import { type CacheParameter, isAboveDefault, parametersIn } from './cache-parameters.ts';

/** What clients suffer when a parameter is above its default. */
interface Effect {
  readonly id: string;
  readonly cause: string;
  /** Under each of its names: they have changed with the versions of the engine. */
  readonly parameters: readonly string[];
  readonly forKinds: readonly string[];
  readonly isShownBy: (finding: Finding) => boolean;
  readonly because: string;
}

const effects: readonly Effect[] = [
  {
    id: 'aws-elasticache.free-reserved-memory',
    cause: 'aws-elasticache.MemoryReserved',
    parameters: ['reserved-memory-percent', 'reserved-memory'],
    forKinds: ['redis.WritesRefused', 'redis.MemoryNearMax', 'redis.EvictionsGrowing'],
    isShownBy: (finding) => isHarm(finding) && (finding.kind !== 'redis.WritesRefused' || hasError(finding, 'OOM')),
    because: 'so much of the node is kept from the data that what was written does not fit',
  },
  {
    id: 'aws-elasticache.require-fewer-replicas',
    cause: 'aws-elasticache.ReplicasRequired',
    parameters: ['min-replicas-to-write', 'min-slaves-to-write'],
    forKinds: ['redis.WritesRefused'],
    isShownBy: (finding) => hasError(finding, 'NOREPLICAS'),
    because: 'writes are refused until so many replicas are there',
  },
];

export const remedies: readonly Remedy[] = [evictWhenFull('aws-elasticache'), ...effects.map(restored)];

function restored({ id, cause, parameters, forKinds, isShownBy, because }: Effect): Remedy {
  return {
    id,
    cause,
    forKinds,
    propose(context) {
      const shown = context.findings.some((finding) => forKinds.includes(finding.kind) && isShownBy(finding));
      const [set] = setParameters(context).filter((one) => parameters.includes(one.name) && isAboveDefault(one));
      if (!shown || set === undefined) return [];
      const { name, value, default: usual = '' } = set;
      const rationale = `${name} is ${value}: ${because}; ${usual} is the default`;
      return [{ action: restoreParameterId, parameters: { parameter: name }, rationale, fitness: fitness(context) }];
    },
  };
}

function setParameters({ findings }: RemedyContext): readonly CacheParameter[] {
  return findings
    .filter(({ kind }) => kind === 'aws-elasticache.ParametersSet')
    .flatMap(({ facts }) => parametersIn(facts?.['parameters']));
}

/** What was set while it began is likelier to blame than what has been so for long. */
function fitness({ findings }: RemedyContext): number {
  const recently = findings.some(({ kind, since }) => kind === 'aws-elasticache.ParametersSet' && since !== undefined);
  return recently ? 0.85 : 0.6;
}

function isHarm({ severity }: Finding): boolean {
  return severity !== 'Info';
}

function hasError({ facts }: Finding, word: string): boolean {
  return (numberOf(objectOf(facts?.['errors'])[word]) ?? 0) > 0;
}
