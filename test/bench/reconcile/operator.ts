/**
 * The product's side of the benchmark, as a process of its own: the operator's runtime, stores and session controller, with skills and
 * reasoner that answer at once. Says "ready" when its caches have synced, begins when it reads a line, says "done" when every session
 * is in Verifying, and ends with its standard input.
 */
import { parseArgs } from 'node:util';
import { defaultConfig } from '../../../controller/config/load.ts';
import { loadKubeConfig } from '../../../controller/kube/kube-config.ts';
import { sessionController } from '../../../controller/session/session-controller.ts';
import { makeParts } from '../../../controller/wiring/parts.ts';
import { gate } from './gate.ts';
import { scriptedDependencies } from './scripted-dependencies.ts';

const { values } = parseArgs({ options: { kubeconfig: { type: 'string' }, sessions: { type: 'string' } } });
const sessions = Number(values.sessions);
const { begun, ended, say } = gate();
const parts = makeParts(defaultConfig, await loadKubeConfig(values.kubeconfig), 'info');
let rested = 0;
const deps = scriptedDependencies(parts, () => {
  rested += 1;
  if (rested === sessions) say('done');
});
const running = parts.cache.run(ended);
await parts.cache.synced(ended);
say('ready');
await begun;
await sessionController({ ...parts, deps, workers: parts.config.workers }).run(ended);
await running;
await parts.client.close();
