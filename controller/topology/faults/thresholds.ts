import type { ServiceTopology, TopologyNode } from '../../api/kinds.ts';
import { checkParameters } from '../parameters.ts';
import { skillOf } from '../resolve.ts';
import { doubtful, type Known, type MapCheck, type MapFault, placedNodes, wrong } from './fault.ts';

const million = 1_000_000;
/** The longest that a request of the load may take: what is later is an error. */
const longestAnswerMs = 10_000;

/** Bounds of `verify` and `tests` that nothing could break, or that contradict each other. */
export const thresholdFaults: MapCheck = (topology, known) => {
  const { verify, tests } = topology.spec;
  return [
    ...never('/spec/verify/maxErrorsPerMillion', verify?.maxErrorsPerMillion),
    ...never('/spec/tests/load/maxErrorsPerMillion', tests?.load?.maxErrorsPerMillion),
    ...placedNodes(topology).flatMap(([at, node]) => nodeThresholds(topology, at, node, known)),
    ...loadFaults(topology),
    ...(tests?.ui === undefined ? [] : urlFaults('/spec/tests/ui/url', tests.ui.url)),
  ];
};

function never(at: string, value: unknown): readonly MapFault[] {
  return value === million ? [doubtful(at, `is never exceeded: all of a million requests may fail`)] : [];
}

function nodeThresholds(
  topology: ServiceTopology,
  at: string,
  node: TopologyNode,
  { skills }: Known,
): readonly MapFault[] {
  const { skill } = skillOf(skills, topology, node);
  const checked = skill === undefined ? undefined : checkParameters(skill, node.with);
  if (checked?.ok !== true) return [];
  const given = checked.with;
  return [
    ...never(`${at}/with/maxErrorsPerMillion`, given['maxErrorsPerMillion']),
    ...boundsOf(given, at),
    ...(hasPeriod(skill?.parameters) ? periodFaults(topology, at, given['metricPeriodSeconds']) : []),
  ];
}

/** `minX` above `maxX`. */
function boundsOf(given: Readonly<Record<string, unknown>>, at: string): readonly MapFault[] {
  return Object.entries(given).flatMap(([name, least]) => {
    const most = name.startsWith('min') ? given[`max${name.slice(3)}`] : undefined;
    if (typeof least !== 'number' || typeof most !== 'number' || least <= most) return [];
    return [wrong(`${at}/with/${name}`, `is ${least}, above max${name.slice(3)} (${most})`)];
  });
}

function hasPeriod(schema: Readonly<Record<string, unknown>> | undefined): boolean {
  return Object.hasOwn((schema?.['properties'] as object | undefined) ?? {}, 'metricPeriodSeconds');
}

/** Only whole periods since the act are judged. */
function periodFaults({ spec }: ServiceTopology, at: string, given: unknown): readonly MapFault[] {
  const seconds = spec.verify?.stabilizationSeconds;
  const period = typeof given === 'number' ? given : 60;
  if (seconds === undefined || seconds >= period) return [];
  return [
    doubtful(
      '/spec/verify/stabilizationSeconds',
      `is ${seconds}, shorter than the ${period} s between two points of the metrics of ${nodeName(spec, at)}: nothing whole to judge by`,
    ),
  ];
}

function nodeName(spec: ServiceTopology['spec'], at: string): string {
  const [, , list = '', index = ''] = at.split('/');
  return spec[list as 'self' | 'upstream' | 'downstream']?.[Number(index)]?.name ?? at;
}

function loadFaults({ spec }: ServiceTopology): readonly MapFault[] {
  const { verify, tests } = spec;
  const load = tests?.load;
  if (load === undefined) return [];
  const at = '/spec/tests/load';
  const { stabilizationSeconds = 60 } = verify ?? {};
  const { durationSeconds, maxP95Milliseconds = 0, method, body } = load;
  return [
    ...urlFaults(`${at}/url`, load.url),
    ...(durationSeconds > stabilizationSeconds
      ? [
          doubtful(
            `${at}/durationSeconds`,
            `is longer than verify.stabilizationSeconds (${stabilizationSeconds}), which is then of no use`,
          ),
        ]
      : []),
    ...(maxP95Milliseconds >= longestAnswerMs
      ? [
          doubtful(
            `${at}/maxP95Milliseconds`,
            `is never exceeded: an answer later than ${longestAnswerMs} ms is an error`,
          ),
        ]
      : []),
    ...(method === 'GET' && body !== undefined ? [doubtful(`${at}/body`, 'has no meaning in a GET')] : []),
  ];
}

const productionWord = /(^|[.-])(prod|production|prd|live)([.-]|$)/i;
const local = /^(localhost|.*\.localhost|127\..*|\[::1\])$/;

function urlFaults(at: string, text: string): readonly MapFault[] {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return [wrong(at, `${text} is no http or https URL`)];
  if (url.username !== '' || url.password !== '') return [wrong(at, 'carries credentials, which are not sent')];
  const { hostname } = url;
  if (productionWord.test(hostname)) {
    return [doubtful(at, `${hostname} sounds like production; the load is for a lower environment alone`)];
  }
  return local.test(hostname) ? [doubtful(at, `${hostname} is the operator's own host`)] : [];
}
