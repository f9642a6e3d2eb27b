import { fileURLToPath } from 'node:url';
import { freePort } from './process.ts';
import type { PartOptions } from './part.ts';
import { pythonVenv, readRequirements, type PythonVenv, type VenvOptions } from './python.ts';
import { startService } from './service.ts';

/** What AWS SDK v3's clients are made with; moto believes any key. */
export interface AwsClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Moto {
  /** `http://127.0.0.1:PORT`, for SQS, CloudWatch, CloudWatch Logs, STS and the rest. */
  readonly url: string;
  readonly region: string;
  readonly accountId: string;
  readonly clientConfig: AwsClientConfig;
  /** The same for a child process: endpoint, region and keys; no profile files are read. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Forgets everything in it. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export const motoRegion = 'eu-central-1';
const accountId = '123456789012';
const program = fileURLToPath(new URL('moto-server.py', import.meta.url));
const key = 'testing';

/** The virtual environment that moto runs in; it also has boto3 and botocore. */
export function motoVenv(options: VenvOptions): Promise<PythonVenv> {
  return pythonVenv('moto', readRequirements(new URL('requirements/moto.txt', import.meta.url)), options);
}

/** Starts moto's server on a free loopback port; answers once it does. Up in about 3 s, plus a minute for the first time ever. */
export async function startMoto({ dataDir, signal, progress }: PartOptions): Promise<Moto> {
  const venv = await motoVenv({ signal, progress });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await startService({
    name: 'moto',
    command: venv.python,
    args: [program, '-H', '127.0.0.1', '-p', String(port)],
    env: { ...process.env, PYTHONUNBUFFERED: '1', MOTO_ACCOUNT_ID: accountId },
    dataDir,
    signal,
    ready: () => answers(`${url}/moto-api/`),
  });
  const stop = (): Promise<void> => service.stop();
  try {
    await configure(url, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  const reset = async (): Promise<void> => {
    await post(`${url}/moto-api/reset`, undefined, signal);
    await configure(url, signal);
  };
  return { url, region: motoRegion, accountId, ...access(url), logFile: service.logFile, reset, stop };
}

function access(url: string): Pick<Moto, 'clientConfig' | 'env'> {
  return {
    clientConfig: { endpoint: url, region: motoRegion, credentials: { accessKeyId: key, secretAccessKey: key } },
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: motoRegion,
      AWS_DEFAULT_REGION: motoRegion,
      AWS_ACCESS_KEY_ID: key,
      AWS_SECRET_ACCESS_KEY: key,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  };
}

/** A Lambda is answered from what was set at /moto-api/static/lambda-simple/response: there is no Docker to run it in. */
async function configure(url: string, signal: AbortSignal): Promise<void> {
  await post(`${url}/moto-api/config`, { batch: { use_docker: false }, lambda: { use_docker: false } }, signal);
}

async function post(url: string, body: unknown, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`moto answered ${response.status} to POST ${url}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
