import { chmodSync, copyFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ResolveImage } from '../ecs/options.ts';
import { closeServer, listen } from '../parts/listen.ts';
import { startKeeper } from '../ecs/runtime/keeper.ts';
import { chooseLimiter } from '../ecs/runtime/memory/choose-limiter.ts';
import { motoLogSink } from '../ecs/sinks/moto-log-sink.ts';
import { passThrough } from '../insights/pass-through.ts';
import { respond, respondWithError } from '../insights/protocol.ts';
import type { AwsClientConfig } from '../parts/moto.ts';
import { Functions } from './functions.ts';
import { Invoker } from './invoker.ts';
import { startMetricSink } from './metric-sink.ts';
import {
  accountSettings,
  answerFunctionRequest,
  functionRequestOf,
  isAboutAccount,
  type OperationParts,
} from './operations.ts';
import { startRuntimeApi } from './runtime/runtime-api.ts';
import { Telemetry } from './telemetry.ts';

export interface LambdaOptions {
  /** Where any user may read. */
  readonly dataDir: string;
  readonly moto: AwsClientConfig;
  /** Functions are container images; their command is a handler in a file of Node's. */
  readonly resolveImage: ResolveImage;
  /** Executions that the account may run at once: 1000 when left out. */
  readonly accountConcurrency?: number;
  /** Aborting stops the endpoint. */
  readonly signal: AbortSignal;
}

export interface LambdaEndpoint {
  /** `http://127.0.0.1:PORT`: an endpoint for Lambda, and for all else that moto does. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * An endpoint in front of moto that runs functions as processes of this machine, within their timeout, memory and reserved
 * concurrency, tells CloudWatch of it, and keeps what moto does not of their configuration.
 */
export async function startLambda(options: LambdaOptions): Promise<LambdaEndpoint> {
  const { dataDir, moto, resolveImage, accountConcurrency = 1000, signal } = options;
  const limiter = chooseLimiter('best');
  const keeper = startKeeper(limiter.folder);
  // Each environment has a stream of its own, and each stream costs a call.
  const logs = motoLogSink({ clientConfig: moto, everyMs: 1000 });
  const [metrics, api] = [startMetricSink(moto), await startRuntimeApi()];
  const telemetry = new Telemetry({ log: logs.write, metric: metrics.write });
  const functions = new Functions(accountConcurrency);
  const onLine: Telemetry['line'] = (environment, line) => telemetry.line(environment, line);
  const environments = { api, limiter, keeper, bootstrap: bootstrapIn(dataDir), onLine };
  const invoker = new Invoker({ moto: moto.endpoint, functions, environments, telemetry, resolveImage, signal });
  const server = serve({ moto: moto.endpoint, functions }, invoker);
  const port = await listen(server);
  const close = async (): Promise<void> => {
    await closeServer(server);
    await invoker.close();
    await Promise.all([api.stop(), logs.close(), metrics.close()]);
    await Promise.allSettled([limiter.close()]);
    await keeper.close();
  };
  let closing: Promise<void> | undefined;
  const stop = (): Promise<void> => (closing ??= close());
  signal.addEventListener('abort', () => void stop(), { once: true });
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** The functions run as other users, who may not be able to read this folder. */
function bootstrapIn(folder: string): string {
  const copy = join(folder, 'bootstrap.cjs');
  copyFileSync(fileURLToPath(new URL('runtime/bootstrap.cjs', import.meta.url)), copy);
  chmodSync(copy, 0o644);
  return copy;
}

function serve(parts: OperationParts, invoker: Invoker): Server {
  return createServer((request, response) => {
    answer(request, response, parts, invoker).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else respondWithError(response, error);
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: OperationParts,
  invoker: Invoker,
): Promise<void> {
  if (isAboutAccount(request)) return respond(response, accountSettings(parts.functions));
  const asked = functionRequestOf(request);
  if (asked === undefined) return passThrough(request, response, new URL(parts.moto));
  const body = await text(request);
  if (asked.operation === 'POST invocations') {
    const invoked = await invoker.invoke(asked.name, body === '' ? '{}' : body, request.headers);
    const failed = invoked.isError ? { 'x-amz-function-error': 'Unhandled' } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...failed }).end(invoked.body);
    return;
  }
  await answerFunctionRequest(asked, request, body, response, parts);
  if (request.method !== 'GET') invoker.forget(asked.name);
}
