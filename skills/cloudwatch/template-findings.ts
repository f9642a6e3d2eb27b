import type { Finding } from '../../controller/evidence/finding.ts';
import { findingId } from '../lib/finding-id.ts';
import type { ErrorTemplate } from './error-lines.ts';

const mostFindings = 5;
/** The masked parts of a message (a name that is not found, a value that is refused) may be what tells. */
const longestSample = 500;

interface Seen {
  readonly node: string;
  readonly source: string;
  readonly templates: readonly ErrorTemplate[];
}

/** Messages that the time before the window did not have, most frequent first. @param known undefined where it could not be read */
export function newTemplateFindings(seen: Seen, known: ReadonlySet<string> | undefined): readonly Finding[] {
  if (known === undefined) return [];
  const kind = 'cloudwatch.NewErrorTemplate';
  return seen.templates
    .filter(({ template }) => !known.has(template))
    .slice(0, mostFindings)
    .map((one) => ({
      id: findingId(seen.node, kind, one.template),
      node: seen.node,
      kind,
      severity: 'Warning' as const,
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
export function stackFindings({ node, source, templates }: Seen): readonly Finding[] {
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
      severity: 'Warning' as const,
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

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
