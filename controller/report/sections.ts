import { moreOf, notesOf } from '../api/alert-notes.ts';
import type { DebugSession, Diagnosed } from '../api/kinds.ts';
import type { EvidenceBundle } from '../evidence/bundle.ts';
import type { Finding } from '../evidence/finding.ts';
import { undeclaredDependency } from '../evidence/undeclared.ts';
import { fenced, inline, table } from './markdown.ts';
import { mermaidMap } from './mermaid-map.ts';
import type { ReportInput } from './report.ts';

/** One part of the report; empty when it has nothing to say. */
export type Section = (input: ReportInput) => string;

export const symptom: Section = ({ session, bundle }) => {
  const seen = `${inline(bundle.symptom.description, 1000)} (seen at \`${bundle.symptom.node}\`)`;
  return section('Symptom', [seen, ...alerts(session)].join('\n\n'));
};

/** A reader wants to know which alerts, not all that came with them. */
const alertsShown = 20;

function alerts(session: DebugSession): readonly string[] {
  const notes = [...notesOf(session).values()].toSorted((a, b) => a.startsAt.localeCompare(b.startsAt));
  if (notes.length === 0) return [];
  const rows = notes
    .slice(0, alertsShown)
    .map(({ alertname, service, startsAt, status, endsAt }) => [alertname, service, startsAt, endsAt ?? status]);
  const left = notes.length - rows.length + moreOf(session).count;
  const rest = left === 0 ? [] : [`and ${left} more alerts.`];
  return [table(['alert', 'service', 'since', 'resolved'], rows), ...rest];
}

export const rootCause: Section = ({ session, bundle }) => {
  const {
    rootCause: cause,
    chain: nodes = [],
    claims: said = [],
    confidencePercent = 0,
    engine = '',
    model,
    otherOpinion: other,
  } = diagnosisOf(session);
  if (cause === undefined) return section('Root cause', 'None was found.');
  const chain = nodes.map((node) => `\`${node}\``).join(' → ');
  const claims = said.flatMap((claim) => [
    `- ${inline(claim.text, 500)}`,
    ...claim.findings.map((id) => `  - ${evidenceLine(bundle, id)}`),
  ]);
  const sure = `confidence ${confidencePercent}%, engine ${engine}${model === undefined ? '' : ` with ${inline(model)}`}`;
  const lines = [`**${inline(cause.kind)}** at \`${cause.node}\`: ${inline(cause.summary ?? '', 1000)} (${sure})`];
  if (chain !== '') lines.push('', `From cause to symptom: ${chain}`);
  const otherwise =
    other === undefined ? [] : ['', `${other.engine} said otherwise: ${inline(other.summary ?? '', 1000)}`];
  return section('Root cause', [...lines, '', ...claims, ...otherwise].join('\n'));
};

function diagnosisOf(session: DebugSession): Partial<Diagnosed> {
  return session.status?.diagnosis ?? {};
}

function evidenceLine(bundle: EvidenceBundle, id: string): string {
  const finding = bundle.nodes.flatMap((node) => node.findings).find((candidate) => candidate.id === id);
  return finding === undefined ? `\`${id}\`` : describe(finding);
}

function describe(finding: Finding): string {
  const unit = finding.unit === undefined ? '' : ` ${finding.unit}`;
  const value = finding.value === undefined ? '' : `, ${finding.value}${unit}`;
  const against = finding.threshold === undefined ? '' : ` against ${finding.threshold}${unit}`;
  const since = finding.since === undefined ? '' : `, since ${finding.since}`;
  return `\`${finding.kind}\` at \`${finding.node}\`: ${inline(finding.summary)}${value}${against}${since} (${inline(finding.source, 160)})`;
}

export const map: Section = ({ session, bundle }) => {
  const cause = session.status?.diagnosis?.rootCause?.node;
  return section('The map, as it was when the cause was found', fenced(mermaidMap(bundle, cause), 'mermaid', 40_000));
};

export const history: Section = ({ session }) => {
  const rows = (session.status?.history ?? []).map((entry) => [
    String(entry.iteration),
    entry.diagnosis,
    entry.action,
    (entry.commit ?? '').slice(0, 7),
    entry.gha ?? '',
    entry.result,
    entry.standing ?? '',
  ]);
  if (rows.length === 0) return '';
  const head = ['#', 'diagnosis', 'action', 'commit', 'pipeline', 'result', 'now'];
  return section('What was tried', table(head, rows));
};

export const verification: Section = ({ session }) => {
  const { verification: seen, before = [] } = session.status ?? {};
  const rows = (seen?.checks ?? []).map((check) => [check.verdict, check.name, check.node ?? '', check.summary ?? '']);
  if (rows.length === 0) return '';
  const earlier = before.map(({ name, node, summary }) => ['before', name, node, summary]);
  const when = `From ${seen?.startedAt ?? ''} to ${seen?.endedAt ?? ''}.`;
  const head = ['verdict', 'check', 'where', 'measured'];
  return section('What was verified', `${when}\n\n${table(head, [...rows, ...earlier])}`);
};

export const gaps: Section = ({ session, bundle }) => {
  const unseen = bundle.nodes
    .filter((node) => node.health === 'Unknown')
    .map((node) => `\`${node.node}\` was not seen`);
  const said = [
    ...(session.status?.diagnosis?.gaps ?? []),
    ...bundle.leftOut.map((gap) => `${gap.node}: ${gap.reason}`),
  ];
  const lines = [...new Set([...unseen, ...said.map((gap) => inline(gap, 400))])];
  return section(
    'What could not be seen',
    lines.length === 0 ? 'Every node answered.' : lines.map((line) => `- ${line}`).join('\n'),
  );
};

export const drift: Section = ({ bundle }) => {
  const found = bundle.nodes.flatMap(({ findings }) => findings.filter(({ kind }) => kind === undeclaredDependency));
  if (found.length === 0) return '';
  const lines = found.map(({ node, summary }) => `- ${inline(summary)} (told by \`${node}\`)`);
  return section(
    'What is not on the map',
    ['Seen by the way; it played no part in the diagnosis.', '', ...lines].join('\n'),
  );
};

export const live: Section = ({ session, topology }) => {
  const kept = (session.status?.history ?? []).filter((entry) => entry.standing === 'Kept');
  const where = topology.spec.environment?.name ?? 'the lower environment';
  const lines = kept.map((entry) => `- iteration ${entry.iteration}: ${inline(entry.action, 400)}`);
  const text = lines.length === 0 ? 'Nothing that was tried is live any more.' : lines.join('\n');
  return section(`What stays live in ${where}`, text);
};

export const change: Section = ({ diff }) => (diff === '' ? '' : section('The change', fenced(diff, 'diff')));

export const reviewer: Section = ({ session, draft }) => {
  const alternatives = (session.status?.diagnosis?.alternatives ?? []).map(
    (cause) => `- Could it also be ${inline(cause.kind)} at \`${cause.node}\` (${cause.confidencePercent ?? 0}%)?`,
  );
  const asks = draft
    ? ['- This is a draft: the findings are for you, nothing here is proved to help.']
    : [
        '- Does the cause explain all that you saw, or only what was measured here?',
        '- Is the change right for production, whose load and data differ?',
      ];
  return section('What a reviewer should look at', [...asks, ...alternatives].join('\n'));
};

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}
