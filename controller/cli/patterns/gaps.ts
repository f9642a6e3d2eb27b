import type { DebugSession } from '../../api/kinds.ts';
import { tellsCameBack } from '../../session/precedents.ts';

/** What could not be seen in a session, each once: `<node>: <why>`, with figures masked so that the same reason is the same text. */
export function gapsOf({ status = {} }: DebugSession): readonly string[] {
  const unknown = (status.sweep?.nodes ?? [])
    .filter(({ health, summary }) => health === 'Unknown' && summary !== undefined)
    .map(({ node, summary }) => `${node}: ${summary}`);
  // What came back is counted with the remedies.
  const told = (status.diagnosis?.gaps ?? []).filter((gap) => !tellsCameBack(gap));
  return [...new Set([...told, ...unknown].map(masked))];
}

/** The node's name stays as it is. */
function masked(gap: string): string {
  const split = gap.indexOf(': ') + 1;
  const figures = /\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b|\d+(?:\.\d+)*/g;
  return gap.slice(0, split) + gap.slice(split).replaceAll(figures, 'N');
}

/** `<server>.<tool>` of what did not answer in time, as gaps tell it; of a whole probe its node. Undefined for other gaps. */
export function lateIn(gap: string): string | undefined {
  const named = /ToolTimeout: ([\w-]+\.[\w-]+): |([\w-]+\.[\w-]+): no answer within /.exec(gap);
  if (named !== null) return named[1] ?? named[2];
  return gap.includes('no answer within ') ? `the probe of ${gap.split(': ', 1)[0]}` : undefined;
}
