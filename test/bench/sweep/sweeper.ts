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
import { server } from '../../../skills/http-health/server/server.ts';
import { skill } from '../../../skills/http-health/skill.ts';
import { openDialer } from '../../helpers/open-dialer.ts';
import type { Backend } from './backends.ts';

/** The operator's own way to look: its sweep, broker, coalescer, pool, MCP and skill. */
export interface Sweeper {
  /** Sweeps the whole map for so many sessions at once; answers what the first of them saw. */
  sweep(sessions: number, signal: AbortSignal): Promise<readonly NodeEvidence[]>;
  close(): Promise<void>;
}

const calls = 1_000_000;
const bounds = { toolCalls: calls, writes: 0, wallClockSeconds: 3600 };

export function createSweeper(backends: readonly Backend[], coalesceMs: number): Sweeper {
  const map = mapOf(backends);
  const topologies = { get: () => map, referrers: () => [] };
  const resolved = resolveGraph(map, topologies, new Map([[skill.id, skill]]));
  const pool = new ToolPool({ servers: [server], settings: {}, dialerFor: () => openDialer, clock, timeoutMs: 10_000 });
  const tools = new PooledToolBroker({
    pool,
    secrets: { read: () => Promise.reject(new Error('the map names no Secret')) },
    coalescer: new Coalescer({ clock, maxAgeMs: coalesceMs }),
    topologies,
    toolServers: { get: () => undefined },
    limits: { default: bounds, maximum: { ...bounds, iterations: 1 } },
  });
  // What a sweep needs of them.
  const deps = { clock, tools, timings: { probeSeconds: 20 }, progress: new ProgressHub() } as unknown as Dependencies;
  return {
    async sweep(sessions, signal) {
      const now = clock.now();
      const look = { window: { from: new Date(now.getTime() - 60_000), to: now }, shareable: true };
      const all = Array.from({ length: sessions }, (_, index) =>
        sweepTopology(sessionOf(index), resolved, look, deps, signal),
      );
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
  const downstream = backends.map(({ name, url }) => ({
    name,
    type: 'http',
    skill: skill.id,
    with: { url, samples: 1 },
  }));
  // What the resolver reads of it.
  return {
    metadata: { namespace: 'bench', name: 'map', uid: 'map', generation: 1 },
    spec: { service: 'front', environment: { name: 'bench', tier: 'Test' }, downstream },
  } as unknown as ServiceTopology;
}
