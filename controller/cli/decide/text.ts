import type { Plan } from '../../actions/plan.ts';
import type { DebugSession } from '../../api/kinds.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import { section } from '../section.ts';
import type { Question } from './question.ts';

/** All that is decided, for a person: the act, its dry run, what speaks for it, and who could suffer. */
export function textOf(question: Question, now: Date): string {
  const { approval, session } = question;
  const { gate, risk, requester, expiresAt } = approval.spec;
  const { plan } = session.status ?? {};
  return [
    ...section('Approval', [
      `${approval.metadata.name}, asked by the session ${session.metadata.name} of ${requester}`,
    ]),
    ...section('Gate', [
      gate === 'Escalation' || plan?.gateReason === undefined ? gate : `${gate}: ${plan.gateReason}`,
    ]),
    ...section('Risk', [risk]),
    ...section('Expires', [`${expiresAt}, in ${minutesUntil(expiresAt, now)} min`]),
    ...(gate === 'Escalation' ? section('Asks', approval.spec.summary.split('\n')) : act(question)),
    ...because(question),
  ]
    .map(plain)
    .join('\n');
}

/** An act as it can be shown. */
interface ShownAct {
  readonly what: string;
  readonly parameters: string;
  readonly target: string;
  readonly commit: readonly string[];
  readonly affected: readonly string[];
  readonly diff: string;
  readonly notShown: readonly string[];
}

function act(question: Question): readonly string[] {
  const { session, approval, plan } = question;
  const { what, parameters, target, commit, affected, diff, notShown } =
    plan === undefined ? summarised(session.status ?? {}) : frozen(plan);
  const { checks = '' } = session.status?.plan ?? {};
  return [
    ...section('Act', [what, parameters]),
    ...section('Target', [target]),
    ...section('Commit', commit),
    ...section('Could suffer', [affected.length === 0 ? 'nothing else on the map' : affected.join(', ')]),
    ...section('Checks', checks === '' ? [] : [checks]),
    ...section('Digest', [approval.spec.actionDigest]),
    ...section('Not shown', notShown),
    'Dry run',
    ...diff.split('\n').map((line) => `  ${line}`),
  ];
}

function frozen({ action, node, class: kind, parameters, target, commit, affected = [], diff }: Plan): ShownAct {
  return {
    what: `${action} at ${node} (${kind})`,
    parameters: canonicalJson(parameters),
    target: `${target.identity}, as it was at version ${target.version}`,
    commit: commit === undefined ? [] : [`to ${commit.branch}, on ${commit.parent}`],
    affected,
    diff,
    notShown: [],
  };
}

function summarised({ plan = {}, diagnosis }: NonNullable<DebugSession['status']>): ShownAct {
  const { action, node, class: kind, target = '', affected = [], diff = '' } = plan;
  return {
    what: `${action} at ${node} (${kind})`,
    parameters: diagnosis?.fix?.parameters ?? '',
    target,
    commit: [],
    affected,
    diff,
    notShown: [unread],
  };
}

const unread =
  'what was frozen, whole: to read it takes the role threehops-evidence-reader. This is its summary in the status';

function because({ session, bundle }: Question): readonly string[] {
  const { rootCause, confidencePercent = 0, claims = [], gaps = [], otherOpinion } = session.status?.diagnosis ?? {};
  const findings = new Map(bundle?.nodes.flatMap((node) => node.findings).map((finding) => [finding.id, finding]));
  const seen = (id: string): string => {
    const finding = findings.get(id);
    return finding === undefined ? id : `${finding.kind} at ${finding.node}: ${finding.summary}`;
  };
  return [
    ...section(
      'Cause',
      rootCause === undefined
        ? ['none is named']
        : [`${rootCause.kind} at ${rootCause.node} (${confidencePercent} %)`, rootCause.summary ?? ''],
    ),
    ...section(
      'Evidence',
      claims.flatMap((claim) => [`- ${claim.text}`, ...claim.findings.map((id) => `- ${seen(id)}`)]),
    ),
    ...section(
      'Not seen',
      gaps.map((gap) => `- ${gap}`),
    ),
    ...section('Or else', otherOpinion === undefined ? [] : [`${otherOpinion.engine}: ${otherOpinion.summary ?? ''}`]),
  ];
}

function minutesUntil(time: string, now: Date): number {
  return Math.round((Date.parse(time) - now.getTime()) / 60_000);
}

/** What systems and repositories say must not steer a terminal. */
function plain(line: string): string {
  return line.replaceAll('\t', '  ').replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '�');
}
