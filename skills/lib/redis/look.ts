import type { Finding, Gap, ProbeResult, Series } from '../../../controller/evidence/finding.ts';
import { ToolFailed } from '../../../controller/mcp/errors.ts';
import { GapList } from '../gaps.ts';
import { clientPeers, withPeers } from '../peers.ts';
import type { ProbeContext, SkillNode } from '../../skill.ts';
import { clientFindings, clientsPercent, refusedFinding, unreachableFinding } from './client-findings.ts';
import { growthFindings } from './growth-findings.ts';
import { noClients, readClients, readInfo, readSlowCommands, type RedisInfo } from './info.ts';
import { redisIdentity } from './address.ts';
import { slowFindings } from './slow-findings.ts';
import { memoryPercent, stateFindings } from './state-findings.ts';
import { thresholdsOf } from './thresholds.ts';

/** Looks at one server. @throws when it tells nothing, unless the reason is itself what is wrong */
export async function probe(context: ProbeContext): Promise<ProbeResult> {
  const { node, clock, signal } = context;
  try {
    return await look(context);
  } catch (error) {
    signal.throwIfAborted();
    const finding = error instanceof ToolFailed ? failureFinding(node, error, clock.now()) : undefined;
    if (finding === undefined) throw error;
    const gap = { node: node.id, what: 'memory, clients and statistics', reason: 'the server takes no connection' };
    return resultOf(node, [finding], [], [gap]);
  }
}

async function look(context: ProbeContext): Promise<ProbeResult> {
  const { node, clock, signal } = context;
  const gaps = new GapList(node.id, signal);
  const before = await readInfo(context, 1);
  const clients = await gaps.orGap('client list', readClients(context), noClients);
  const slow = await gaps.orGap('slow commands', readSlowCommands(context), []);
  await clock.sleep(thresholdsOf(node.with).sampleSeconds * 1000, signal);
  const after = await gaps.orGap('growth of counters', readInfo(context, 2), undefined);
  const findings = [
    ...stateFindings(node, after ?? before, clients),
    ...clientFindings(node, after ?? before, clients),
    ...(after === undefined ? [] : growthFindings(node, before, after)),
    ...slowFindings(node, slow, { from: context.window.from, to: clock.now() }),
  ];
  const peers = withPeers(
    clientPeers(
      clients.programs.map(({ name }) => name),
      'client_list',
    ),
  );
  return { ...resultOf(node, findings, seriesOf(node, after ?? before), gaps.list()), ...peers };
}

function failureFinding(node: SkillNode, error: ToolFailed, now: Date): Finding | undefined {
  if (error.code === 'MaxClients') return refusedFinding(node, now);
  return error.code === 'ECONNREFUSED' ? unreachableFinding(node, error, now) : undefined;
}

function seriesOf(node: SkillNode, info: RedisInfo): readonly Series[] {
  const at = info.at.getTime() / 1000;
  const one = (name: string, aspect: Series['aspect'], unit: string, value: number): Series => ({
    name,
    node: node.id,
    aspect,
    unit,
    points: [[at, value]],
    source: 'info',
  });
  return [
    ...(info.maxMemory === 0 ? [] : [one('memory', 'Saturation', '%', memoryPercent(info))]),
    ...(info.maxClients === 0 ? [] : [one('clients', 'Saturation', '%', clientsPercent(info))]),
    one('commands', 'Traffic', 'commands/s', info.opsPerSecond),
  ];
}

function resultOf(
  node: SkillNode,
  findings: readonly Finding[],
  series: readonly Series[],
  gaps: readonly Gap[],
): ProbeResult {
  return { findings, series, gaps, changes: [], logTemplates: [], identity: redisIdentity(node.with) ?? node.id };
}
