import { createClaude } from '../../../controller/reasoning/claude/claude.ts';
import { createMessagesClient } from '../../../controller/reasoning/claude/messages-client.ts';
import { startApiServer } from '../../../controller/console/api-server.ts';
import { serveProgress } from '../../../controller/console/progress-route.ts';
import type { KubeClient } from '../../../controller/kube/client.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { noLog } from '../../../controller/kube/observe.ts';
import { streamVia } from '../../../controller/mcp/guards.ts';
import { reasoningFor } from '../../../controller/session/reasoning.ts';
import { KubeEvidenceStore, unpacked } from '../../../controller/session/stores/evidence-store.ts';
import type { Evidence } from '../../../controller/api/kinds.ts';
import { startMessagesApi } from '../messages-api/server.ts';
import { openDialer } from '../open-dialer.ts';
import type { Asked, PlantedWorld } from './planted-world.ts';

const model = 'stand-in-1';
const signal = new AbortController().signal;

/** All that a model is sent when it is asked as the session would have asked it, and looks at every node through each tool. */
export async function sentToModel(asked: Asked): Promise<readonly unknown[]> {
  const apiKey = 'any';
  const [bundle, memory, limits] = asked.given;
  const nodes = bundle.graph.nodes.filter(({ skill }) => skill === 'telling').map(({ id, name }) => ({ id, name }));
  const calls = nodes.map(({ id, name }, index) => ({
    type: 'tool_use' as const,
    id: `toolu_${index}`,
    name: 'telling__look',
    input: { node: id, arguments: { node: name } },
  }));
  // Once it has looked around it is refused: what it was sent is all that counts.
  const api = await startMessagesApi({
    apiKey,
    models: [model],
    script: (_, number) => (number === 1 ? { content: calls } : { status: 400, type: 'invalid_request_error' }),
  });
  try {
    const access = async () => ({ apiKey, fetch: streamVia(openDialer) });
    const client = createMessagesClient({ baseUrl: api.baseUrl, requestSeconds: 20, clock: systemClock, access });
    const reasoner = createClaude({
      knowledge: reasoningFor({ predictionSeconds: 10 }),
      model: client,
      settings: { model, maxTokens: 2000, contextTokens: 1_000_000, maxTurns: 3, maxCalls: nodes.length },
      horizon: { causeSeconds: 30, hopSeconds: 10 },
    })({ ...asked.desk, budget: { left: () => 10_000_000, spend: () => undefined } });
    await reasoner.diagnose(bundle, memory, limits, signal).catch(() => undefined);
    return api.asked.slice(-1);
  } finally {
    await api.close();
  }
}

/** What the progress server streams of a session to somebody who may see it. */
export async function streamed({ world }: PlantedWorld): Promise<readonly unknown[]> {
  const { session } = world;
  const status = { authenticated: true, user: { username: 'ann' }, allowed: true };
  const client = { resource: () => ({ create: async () => ({ status }) }) } as unknown as KubeClient;
  const sessions = { store: { get: () => session } } as unknown as Parameters<typeof serveProgress>[0]['sessions'];
  const route = { client, sessions, hub: world.deps.progress, leading: () => true };
  const server = await startApiServer(
    {
      host: '127.0.0.1',
      port: 0,
      routes: {},
      rest: (request, response) => serveProgress(route, request, response),
      clock: systemClock,
      log: noLog,
    },
    signal,
  );
  try {
    const path = '/api/v1/namespaces/default/debugsessions/broken/progress';
    // A number, which no redaction touches, tells the end.
    const last = 987_654;
    const event = { at: '', iteration: last, phase: 'Failed', kind: 'Step', subject: 'test', state: 'Done' } as const;
    world.deps.progress.publish(session.metadata.uid, { ...event, message: '' });
    const response = await fetch(`${server.url}${path}`, { headers: { authorization: 'Bearer any' } });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes(`"iteration":${last}`) && text.endsWith('\n')) break;
    }
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  } finally {
    await server.stop();
  }
}

/** What the real store makes of all that the session had it keep, unpacked again. */
export async function stored({ world }: PlantedWorld): Promise<readonly unknown[]> {
  const objects: Evidence[] = [];
  const client = { resource: () => ({ create: async (object: Evidence) => void objects.push(object) }) };
  const store = new KubeEvidenceStore(client as unknown as KubeClient);
  for (const { content, value } of world.api.evidence.values()) {
    if (content === 'Bundle' || content === 'Diagnosis') await store.save(world.session, 1, content, value, signal);
  }
  return Promise.all(objects.map(async ({ spec }) => JSON.parse(await unpacked(spec.data, spec.digest)) as unknown));
}
