import type { ProbeResult } from '../../controller/evidence/finding.ts';
import { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { availabilityFindings } from './availability.ts';
import { certificateFindings } from './certificate.ts';
import { latencyFindings, sampleSeries } from './latency.ts';
import { httpIdentity, httpParameters } from './parameters.ts';
import { takeSamples } from './sample.ts';

/** Asks for the page several times. @throws ToolError when we could or may not look; a page that fails is a finding */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, signal } = context;
  const gaps = new GapList(node.id, signal);
  const [samples, certificate] = await Promise.all([
    takeSamples(context, httpParameters(node.with)),
    gaps.orGap('certificate', certificateFindings(context), []),
  ]);
  return {
    findings: [...availabilityFindings(node, samples), ...latencyFindings(node, samples), ...certificate],
    series: sampleSeries(node, samples),
    changes: [],
    logTemplates: [],
    gaps: gaps.list(),
    identity: httpIdentity(node.with) ?? node.id,
  };
}
