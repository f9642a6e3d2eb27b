/**
 * How pods fare on the lab's node, as kwok Stages: by the rules that a kubelet and a program would follow. What a program needs is an
 * annotation of its pods, for nobody runs it.
 */
import { dump } from 'js-yaml';

/** On a pod: the MiB that its program uses, and the variable without which it ends. */
export const needsMemory = 'lab.threehops.dev/needs-memory-mib';
export const needsVariable = 'lab.threehops.dev/needs-variable';

type Fate = 'NoImage' | 'OutOfMemory' | 'NoVariable' | 'Well';

const restartEveryMs = 4000;
const startMs = 500;

/** The Stages of a node that can pull exactly these images. */
export function stagesOf(images: readonly string[]): string {
  const fate = fateOf(images);
  const stages = [
    nodeStage,
    stage('pod-gone', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], { next: { delete: true } }),
    ...['NoImage', 'OutOfMemory', 'NoVariable', 'Well'].map((one) => first(one as Fate, fate)),
    ...['OutOfMemory', 'NoVariable'].map((one) => again(one as Fate, fate)),
  ];
  return stages.map((one) => dump(one, { lineWidth: -1 })).join('---\n');
}

/** A jq expression over a pod, that answers its fate. */
function fateOf(images: readonly string[]): string {
  const mebibytes = 'if endswith("Gi") then (rtrimstr("Gi") | tonumber * 1024) else (rtrimstr("Mi") | tonumber) end';
  return [
    '.spec.containers[0] as $c',
    `(.metadata.annotations["${needsMemory}"] // "0" | tonumber) as $need`,
    `($c.resources.limits.memory // "1024Gi" | ${mebibytes}) as $limit`,
    `(.metadata.annotations["${needsVariable}"] // "") as $variable`,
    `if (${JSON.stringify(images)} | index($c.image)) == null then "NoImage"` +
      ' elif $need > $limit then "OutOfMemory"' +
      ' elif $variable != "" and ([$c.env[]? | .name] | index($variable)) == null then "NoVariable"' +
      ' else "Well" end',
  ].join(' | ');
}

interface Match {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

const alive: Match = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };

function stage(name: string, matchExpressions: readonly Match[], rest: object): object {
  const spec = { resourceRef: { apiGroup: 'v1', kind: 'Pod' }, selector: { matchExpressions }, ...rest };
  return { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Stage', metadata: { name }, spec };
}

const nodeStage = {
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name: 'node-ready' },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Node' },
    selector: {
      matchExpressions: [
        { key: '.status.conditions.[] | select(.type == "Ready") | .status', operator: 'NotIn', values: ['True'] },
      ],
    },
    next: {
      statusTemplate: [
        'addresses: [{type: InternalIP, address: {{ NodeIP | Quote }}}]',
        'conditions: [{type: Ready, status: "True", reason: KubeletReady, message: "", lastTransitionTime: {{ Now | Quote }}}]',
      ].join('\n'),
    },
  },
};

function first(fate: Fate, expression: string): object {
  const restarts = fate === 'OutOfMemory' || fate === 'NoVariable' ? '1' : '0';
  const fresh: Match = { key: '.status.containerStatuses', operator: 'DoesNotExist' };
  return stage(`pod-${fate.toLowerCase()}`, [alive, fresh, { key: expression, operator: 'In', values: [fate] }], {
    delay: { durationMilliseconds: startMs },
    next: { statusTemplate: status(fate, restarts) + arrival, event: events[fate] },
  });
}

/** The program is started anew, and ends as before. */
function again(fate: Fate, expression: string): object {
  const started: Match = { key: '.status.containerStatuses', operator: 'Exists' };
  const count = '(add 1 (index .status.containerStatuses 0).restartCount)';
  return stage(
    `pod-${fate.toLowerCase()}-again`,
    [alive, started, { key: expression, operator: 'In', values: [fate] }],
    {
      delay: { durationMilliseconds: restartEveryMs },
      next: { statusTemplate: status(fate, count), event: events[fate] },
    },
  );
}

const backOff = { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' };
const events: Readonly<Record<Fate, object>> = {
  NoImage: { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  OutOfMemory: backOff,
  NoVariable: backOff,
  Well: { type: 'Normal', reason: 'Started', message: 'Started container' },
};

/** kwok fills the template in (its actions are between double braces). @param restarts a number, as the template language writes it */
function status(fate: Fate, restarts: string): string {
  const ready = fate === 'Well' ? 'True' : 'False';
  const condition = (type: string, value: string): string =>
    `- {type: ${type}, status: "${value}", lastTransitionTime: {{ Now | Quote }}}`;
  return [
    `{{ $pod := . }}{{ $restarts := ${restarts} }}`,
    `phase: ${fate === 'NoImage' ? 'Pending' : 'Running'}`,
    'conditions:',
    condition('Initialized', 'True'),
    condition('Ready', ready),
    condition('ContainersReady', ready),
    'containerStatuses:',
    '{{ range .spec.containers }}',
    '- name: {{ .name | Quote }}',
    '  image: {{ .image | Quote }}',
    '  imageID: ""',
    `  ready: ${fate === 'Well'}`,
    '  restartCount: {{ $restarts }}',
    ...states[fate].map((line) => `  ${line}`),
    '{{ end }}',
  ].join('\n');
}

/** What only a pod's first status brings: its address. */
const arrival = [
  '',
  'startTime: {{ Now | Quote }}',
  '{{ with PodIPsWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace }}',
  'podIP: {{ index . 0 | Quote }}',
  'podIPs: [{ip: {{ index . 0 | Quote }}}]',
  '{{ end }}',
].join('\n');

const waiting = (reason: string, message: string): string[] => [
  'state:',
  '  waiting:',
  `    reason: ${reason}`,
  `    message: ${message}`,
];
const ended = (exitCode: number, reason: string, message: string): string[] => [
  'lastState:',
  '  terminated:',
  `    exitCode: ${exitCode}`,
  `    reason: ${reason}`,
  `    message: ${message}`,
  '    startedAt: {{ Now | Quote }}',
  '    finishedAt: {{ Now | Quote }}',
];
const crashing = waiting('CrashLoopBackOff', '"back-off 10s restarting failed container"');
const variable = `{{ index $pod.metadata.annotations "${needsVariable}" }}`;

const states: Readonly<Record<Fate, readonly string[]>> = {
  NoImage: waiting('ImagePullBackOff', '"Back-off pulling image {{ .image }}: not found"'),
  OutOfMemory: [...crashing, ...ended(137, 'OOMKilled', '""')],
  NoVariable: [...crashing, ...ended(1, 'Error', `"configuration: ${variable} is not set"`)],
  Well: ['started: true', 'state:', '  running:', '    startedAt: {{ Now | Quote }}'],
};
