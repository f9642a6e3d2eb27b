import type { DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import type { NodeEvidence } from '../../../controller/evidence/bundle.ts';
import { systemClock as clock } from '../../../controller/kube/clock.ts';
import { Coalescer } from '../../../controller/mcp/coalesce.ts';
import { ToolPool } from '../../../controller/mcp/pool.ts';
import type { Dependencies } from '../../../controller/session/dependencies.ts';
import { ProgressHub } from '../../../controller/session/progress.ts';
import { sweepTopology } from '../../../controller/session/sweep/sweep-topology.ts';
import { PooledToolBroker } from '../../../controller/session/tool-broker.ts';
import { resolveGraph } from '../../../controller/topology/resolve.ts';
import { sharedWindow } from '../../../controller/session/sweep/window.ts';
import { server as pages } from '../../../skills/http-health/server/server.ts';
import { skill as httpHealth } from '../../../skills/http-health/skill.ts';
import { server as metrics } from '../../../skills/prometheus/server/server.ts';
import { skill as prometheus } from '../../../skills/prometheus/skill.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import type { Backend } from './backends.ts';

/** The operator's own way to look: its windows, sweep, broker, coalescer, pool, MCP and skills. */
export interface Sweeper {
  /**
   * Sweeps the whole map for so many sessions, which begin one after the other over that time from a line of the grid that their windows
   * lie on; answers what the first of them saw.
   */
  sweep(sessions: number, signal: AbortSignal, spreadMs?: number): Promise<readonly NodeEvidence[]>;
  close(): Promise<void>;
}

const calls = 1_000_000;
const bounds = { toolCalls: calls, writes: 0, wallClockSeconds: 3600, tokens: 0, blastRadius: 50 };

export function createSweeper(backends: readonly Backend[], coalesceMs: number): Sweeper {
  const map = mapOf(backends);
  const topologies = { get: () => map, referrers: () => [] };
  const resolved = resolveGraph(map, topologies, new Map([httpHealth, prometheus].map((skill) => [skill.id, skill])));
  const pool = new ToolPool({
    servers: [pages, metrics],
    settings: {},
    dialerFor: () => openDialer,
    clock,
    timeoutMs: 10_000,
  });
  const tools = new PooledToolBroker({
    pool,
    secrets: { read: () => Promise.reject(new Error('the map names no Secret')) },
    coalescer: new Coalescer({ clock, maxAgeMs: coalesceMs }),
    topologies,
    toolServers: { get: () => undefined },
    limits: { default: bounds, maximum: { ...bounds, iterations: 1 } },
  });
  // What a sweep needs of them.
  const deps = {
    clock,
    tools,
    timings: { probeSeconds: 20 },
    progress: new ProgressHub(clock),
  } as unknown as Dependencies;
  return {
    async sweep(sessions, signal, spreadMs = 0) {
      if (spreadMs > 0) await clock.sleep(coalesceMs - (clock.now().getTime() % coalesceMs), signal);
      const all = Array.from({ length: sessions }, async (_, index) => {
        await clock.sleep((index * spreadMs) / sessions, signal);
        const window = sharedWindow({ now: clock.now(), lookbackSeconds: 60, shareMs: coalesceMs });
        return sweepTopology(sessionOf(index), resolved, { window, shareable: true }, deps, signal);
      });
      const [first = []] = await Promise.all(all);
      return first;
    },
    close: () => pool.close(),
  };
}

function sessionOf(index: number): DebugSession {
  const metadata = { namespace: 'bench', name: `session-${index}`, uid: `uid-${index}` };
  // What a sweep reads of it.
  return { metadata, spec: { topologyRef: { name: 'map' } } } as unknown as DebugSession;
}

function mapOf(backends: readonly Backend[]): ServiceTopology {
  const downstream = backends.map(({ name, url, windowed }) =>
    windowed
      ? { name, type: 'metrics', skill: prometheus.id, with: { url, alerts: { matchLabels: { service: name } } } }
      : { name, type: 'http', skill: httpHealth.id, with: { url, samples: 1 } },
  );
  // What the resolver reads of it.
  return {
    metadata: { namespace: 'bench', name: 'map', uid: 'map', generation: 1 },
    spec: { service: 'front', environment: { name: 'bench', tier: 'Test' }, downstream },
  } as unknown as ServiceTopology;
}
