import { redact } from '../redaction/redact.ts';
import { plainLine } from './markdown.ts';
import type { ReportInput, ReportTexts } from './report.ts';
import {
  change,
  drift,
  gaps,
  history,
  live,
  map,
  reviewer,
  rootCause,
  symptom,
  verification,
  type Section,
} from './sections.ts';

/** GitHub takes 65,536 characters of body. */
const maxBody = 60_000;
const maxTitle = 120;

/** A person reads it from the top: what was seen, why, what was done, what was proved, what to look at. */
const sections: readonly Section[] = [
  symptom,
  rootCause,
  map,
  change,
  history,
  verification,
  live,
  gaps,
  drift,
  reviewer,
];

/** The texts of the pull request that a session leaves; redacted, and bounded as the forge wants it. */
export function composeReport(input: ReportInput): ReportTexts {
  const parts = sections.map((section) => section(input)).filter((part) => part !== '');
  const { namespace, name } = input.session.metadata;
  const footer = `---\nLeft by Threehops, session \`${namespace}/${name}\`. It never merges; the decision is yours.`;
  const body = cut(redact([...parts, footer].join('\n\n')), maxBody);
  const title = titleOf(input);
  return { title, body, file: `# ${title}\n\n${body}\n` };
}

function titleOf({ session, topology, draft }: ReportInput): string {
  const cause = session.status?.diagnosis?.rootCause;
  const { service } = topology.spec;
  const what = cause === undefined ? 'no cause was found' : `${cause.kind} at ${cause.node}`;
  const said = draft ? `Findings: ${service}: ${what}` : `Fix ${service}: ${what}`;
  return plainLine(said, maxTitle);
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
