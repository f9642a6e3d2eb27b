import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as sdk from '@aws-sdk/client-ecs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { awslabsEnvironment } from '../../parts/mcp-servers.ts';
import type { PythonVenv } from '../../parts/python.ts';
import type { ConformanceClient, Outcome } from './run-calls.ts';

export interface ClosableClient extends ConformanceClient {
  close(): Promise<void>;
}

type AnyCommand = new (input: unknown) => sdk.DescribeServicesCommand;

export function sdkClient(url: string, region: string): ClosableClient {
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const client = new sdk.ECSClient({ endpoint: url, region, credentials, maxAttempts: 1 });
  const call = async (operation: string, input: unknown): Promise<Outcome> => {
    const Command = Reflect.get(sdk, `${operation}Command`) as AnyCommand;
    try {
      const { $metadata: _, ...result } = await client.send(new Command(input));
      return { result };
    } catch (error) {
      if (error instanceof sdk.ECSServiceException) return { error: error.name };
      throw error;
    }
  };
  return { name: 'sdk', call, close: async () => client.destroy() };
}

export interface Boto3Client extends ClosableClient {
  /** Runs one of boto3's waiters; rejects when it gives up. */
  wait(waiter: string, input: unknown): Promise<Outcome>;
}

export function boto3Client(venv: PythonVenv, url: string, region: string): Boto3Client {
  const script = fileURLToPath(new URL('boto3_client.py', import.meta.url));
  const child = spawn(venv.python, [script, url, region], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<Outcome> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the boto3 client ended');
    return JSON.parse(value) as Outcome;
  };
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return {
    name: 'boto',
    call: (operation, input) => ask({ operation, input }),
    wait: (waiter, input) => ask({ waiter, input }),
    close,
  };
}

/** awslabs ecs-mcp-server over stdio, with writes and sensitive data allowed. Its profile file is put into `folder`. */
export async function ecsMcpClient(
  venv: PythonVenv,
  folder: string,
  url: string,
  region: string,
): Promise<ClosableClient> {
  const client = new Client({ name: 'conformance', version: '0.0.0' });
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...awslabsEnvironment(folder, { AWS_ENDPOINT_URL: url, AWS_REGION: region }),
    ALLOW_WRITE: 'true',
    ALLOW_SENSITIVE_DATA: 'true',
  };
  await client.connect(
    new StdioClientTransport({ command: venv.bin('ecs-mcp-server'), args: [], env, stderr: 'ignore' }),
  );
  const call = async (operation: string, input: unknown): Promise<Outcome> => {
    const params = { api_operation: operation, api_params: input };
    const answer = await client.callTool({ name: 'ecs_resource_management', arguments: params });
    return outcomeIn(answer.content);
  };
  return { name: 'mcp', call, close: () => client.close() };
}

/** The server answers an error of the API as an object with its text, which begins with boto3's "An error occurred (CODE)". */
function outcomeIn(content: unknown): Outcome {
  const [first] = content as { readonly text?: string }[];
  const result = JSON.parse(first?.text ?? 'null') as { readonly error?: unknown };
  const code = /An error occurred \((\w+)\)/.exec(String(result.error))?.[1];
  return code === undefined ? { result } : { error: code };
}
