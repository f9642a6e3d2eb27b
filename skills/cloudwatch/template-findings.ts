import type { Finding, Severity } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { ErrorTemplate } from './error-lines.ts';

const mostFindings = 5;
/** Fewer lines of a new message, among what the map allows to fail, are context. */
const fewestLines = 3;
/** The masked parts of a message (a name that is not found, a value that is refused) may be what tells. */
const longestSample = 500;

interface Seen {
  readonly node: string;
  readonly source: string;
  readonly templates: readonly ErrorTemplate[];
  /** The messages of the time before the window; undefined where they could not be read. */
  readonly known: ReadonlySet<string> | undefined;
  /** How many lines of a message the service may write: what the map allows of its requests, or of all its lines. */
  readonly allowed: number;
}

/** Messages that the time before the window did not have, most frequent first. */
export function newTemplateFindings(seen: Seen): readonly Finding[] {
  const { known } = seen;
  if (known === undefined) return [];
  const kind = 'cloudwatch.NewErrorTemplate';
  return seen.templates
    .filter(({ template }) => !known.has(template))
    .slice(0, mostFindings)
    .map((one) => ({
      id: findingId(seen.node, kind, one.template),
      node: seen.node,
      kind,
      severity: severityOf(seen, [one]),
      summary: `new in the log, ${times(one.count)}: ${one.template}`.slice(0, 500),
      ...(one.since === undefined ? {} : { since: one.since }),
      value: one.count,
      threshold: 0,
      unit: 'lines',
      source: seen.source,
      facts: {
        template: one.template,
        count: one.count,
        firstAt: one.firstAt,
        lastAt: one.lastAt,
        sample: one.sample.slice(0, longestSample),
      },
    }));
}

/** One finding for each place in the user's own code that errors come from. */
export function stackFindings(seen: Seen): readonly Finding[] {
  const { node, source, templates } = seen;
  const kind = 'cloudwatch.StackTrace';
  const traced = templates.filter((one): one is Traced => one.frame !== undefined);
  const places = Map.groupBy(traced, ({ frame }) => `${frame.file}:${frame.line}`);
  return [...places].slice(0, mostFindings).map(([place, group]) => {
    const [first] = group as [Traced, ...Traced[]];
    const count = group.reduce((sum, one) => sum + one.count, 0);
    const since = group.every((one) => one.since !== undefined)
      ? group.map(({ firstAt }) => firstAt).toSorted()[0]
      : undefined;
    return {
      id: findingId(node, kind, place),
      node,
      kind,
      severity: severityOf(seen, group),
      summary: `${times(count)} at ${first.frame.function} (${place}): ${first.template}`.slice(0, 500),
      ...(since === undefined ? {} : { since }),
      value: count,
      threshold: 0,
      unit: 'lines',
      source,
      facts: { ...first.frame, template: first.template, count },
    };
  });
}

type Traced = ErrorTemplate & { readonly frame: NonNullable<ErrorTemplate['frame']> };

/** A healthy service errs a little, too: what counts is more than may fail, or a message that is new and was not written by chance. */
function severityOf({ known, allowed }: Seen, templates: readonly ErrorTemplate[]): Severity {
  const count = templates.reduce((sum, one) => sum + one.count, 0);
  const isNew = templates.some(({ template }) => known?.has(template) !== true);
  return count > allowed || (isNew && count >= fewestLines) ? 'Warning' : 'Info';
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
