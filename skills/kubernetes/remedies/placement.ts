import type { RevisionChange } from './reading.ts';

/** Of a pod's spec: what decides which nodes it may run on. */
const fields = [
  'nodeSelector',
  'nodeName',
  'affinity',
  'tolerations',
  'resources',
  'topologySpreadConstraints',
  'volumes',
  'hostNetwork',
  'schedulerName',
  'runtimeClassName',
  'priorityClassName',
];
const container = /^spec\.(?:initC|c)ontainers\[[^\]]*\]/.source;

const placement = [
  new RegExp(`^spec\\.(?:${fields.join('|')})\\b`),
  // One that was added has requests of its own.
  new RegExp(`${container}(?:\\.resources\\b.*)?$`),
  // Ports that are told as a whole may be the host's.
  new RegExp(`${container}\\.ports(?:\\[[^\\]]*\\])?(?:\\.hostPort)?$`),
];

/** Whether a change has a say in where the scheduler may put the pods. */
export function touchesPlacement({ others }: RevisionChange): boolean {
  return others.some((path) => placement.some((pattern) => pattern.test(path)));
}
