import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../controller/api/json.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { server } from '../../../skills/aws-ecs/server/server.ts';
import type { ActionContext, ProbeContext } from '../../../skills/skill.ts';
import { type HarnessTools, toolsFor } from '../../helpers/tool-harness.ts';
import { startTestLab, type TestLab } from '../../lab/ecs/fixtures/lab.ts';
import { motoMetricSink } from '../../lab/ecs/sinks/moto-metric-sink.ts';
import { type Moto, startMoto } from '../../lab/parts/moto.ts';

/** The lab's ECS with moto for STS and CloudWatch beside it, and the embedded server's tools on both. */
export interface SkillLab {
  readonly lab: TestLab;
  readonly moto: Moto;
  /** Tools with these settings over the ones that allow what the tests do. */
  tools(settings?: JsonObject): HarnessTools;
  flushMetrics(): Promise<void>;
  close(): Promise<void>;
}

export async function startSkillLab(signal: AbortSignal): Promise<SkillLab> {
  const dataDir = mkdtempSync(join(tmpdir(), 'threehops-aws-'));
  const moto = await startMoto({ dataDir, signal, progress: () => undefined });
  const sink = motoMetricSink({ clientConfig: moto.clientConfig });
  const lab = await startTestLab({ metricSink: sink.write });
  const base = {
    region: lab.ecs.region,
    endpoint: moto.url,
    endpoints: { ecs: lab.ecs.url },
    allowedAccounts: [moto.accountId],
    allowedClusters: ['lab'],
  };
  const secret = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  return {
    lab,
    moto,
    tools: (settings = {}) => toolsFor(server, { ...base, ...settings }, secret, { access: 'ReadWrite' }),
    flushMetrics: () => sink.flush(),
    close: async () => {
      await lab.close();
      await sink.close();
      await moto.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const neverAborted = new AbortController().signal;

export function probeContext(tools: HarnessTools, service: string, from: Date, more: JsonObject = {}): ProbeContext {
  const node = { id: `${service}/ecs`, name: 'ecs', type: 'compute', with: { cluster: 'lab', service, ...more } };
  return { node, tools, clock: systemClock, window: { from, to: new Date() }, signal: neverAborted };
}

export function actionContext(
  tools: HarnessTools,
  service: string,
  files: Readonly<Record<string, string>> = {},
): ActionContext {
  const { node, clock, signal } = probeContext(tools, service, new Date());
  const readFile = (path: string): Promise<string | undefined> => Promise.resolve(files[path]);
  return { node, tools, clock, signal, readFile, manifestPaths: Object.keys(files) };
}
