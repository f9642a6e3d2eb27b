import { AlertReceiver } from '../alerts/receiver.ts';
import { AlertSessions } from '../alerts/alert-sessions.ts';
import { alertsPath, AlertsRoute } from '../alerts/alerts-route.ts';
import { Callers, type Reviews } from '../alerts/callers.ts';
import { startApiServer, type ApiServer, type Route } from '../console/api-server.ts';
import { serveProgress } from '../console/progress-route.ts';
import type { OwnWrites } from '../kube/consistency.ts';
import { isAllowed, ownName, userOf } from '../kube/reviews.ts';
import { isStatusAlone, cachedTopologies } from '../topology/topology-controller.ts';
import { Neighbourhoods } from '../topology/neighbourhood.ts';
import { addressOf, isLoopback } from './address.ts';
import type { Wired } from './dependencies.ts';
import type { Parts } from './parts.ts';

/** What Alertmanager is answered, and sends again: it may be set right meanwhile. */
const notPrivate =
  'no alerts are taken: their token would be read on the way. Set apiTls.certFile and apiTls.keyFile, or an apiAddress that is a loopback address';

/** The server of `apiAddress`: live progress, and alerts where nobody can listen to the tokens that they come with. */
export function startApi(parts: Parts, { deps }: Wired, signal: AbortSignal): Promise<ApiServer> {
  const { client, sessions, config, clock, log } = parts;
  const address = addressOf(config.apiAddress);
  const refusal = config.apiTls !== undefined || isLoopback(address) ? undefined : notPrivate;
  if (refusal !== undefined) log.info('no alerts are taken: apiAddress is no loopback address, and there is no apiTls');
  const progress = { client, sessions, hub: deps.progress, leading: deps.leading };
  return startApiServer(
    {
      ...address,
      tls: config.apiTls,
      routes: { [alertsPath]: alertsRoute(parts, deps.leading, refusal) },
      rest: (request, response) => serveProgress(progress, request, response),
      clock,
      log,
    },
    signal,
  );
}

function alertsRoute(parts: Parts, leading: () => boolean, refusal: string | undefined): Route {
  const { client, sessions, topologies, ownWrites, config, clock, log, metrics, cache } = parts;
  const { audience, ...limits } = config.alerts;
  const neighbourhoods = new Neighbourhoods(cachedTopologies(topologies));
  topologies.onChange((change) => {
    if (!isStatusAlone(change)) neighbourhoods.forget();
  });
  // Who does not lead reconciles nothing, and would never forget what it wrote.
  const wrote: OwnWrites['wrote'] = (...write) => {
    if (leading()) ownWrites.wrote(...write);
  };
  const receiver = new AlertReceiver({
    sessions: new AlertSessions({ client, sessions, ownWrites: { wrote } }),
    topologies: topologies.store,
    neighbourhoods,
    ownName: once((signal) => ownName(client, signal)),
    clock,
    log,
  });
  const reviews: Reviews = {
    userOf: (token, signal) => userOf(client, token, signal, audience === '' ? undefined : audience),
    isAllowed: (user, wanted, signal) => isAllowed(client, user, wanted, signal),
  };
  const callers = new Callers(reviews, clock);
  const hasSynced = (): boolean => cache.hasSynced;
  const route = new AlertsRoute({ receiver, callers, refusal, hasSynced, limits, clock, log, metrics });
  return (request, response) => route.serve(request, response);
}

/** Our name stays: it is asked for until it is told, and then no more. */
function once(ask: (signal: AbortSignal) => Promise<string>): (signal: AbortSignal) => Promise<string> {
  let known: string | undefined;
  return async (signal) => (known ??= await ask(signal));
}
