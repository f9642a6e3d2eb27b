import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../../controller/api/json.ts';
import type { Tools } from '../../../skills/skill.ts';
import { overMcp } from '../../contracts/third-party/over-mcp.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';
import { closeServer, listen } from '../../lab/parts/listen.ts';

const signal = new AbortController().signal;
const backend = createServer((_request, response) => void response.end('fine'));
let port: number;

beforeAll(async () => {
  port = await listen(backend);
});
afterAll(() => closeServer(backend));

/** A server in this process that asks the backend itself, and counts what it is asked. */
function inProcess(): HarnessTools {
  const calls: string[] = [];
  const close = (): Promise<void> => Promise.resolve();
  const call = async (tool: string): Promise<Json> => {
    calls.push(tool);
    return asked();
  };
  return { calls, call, close, [Symbol.asyncDispose]: close };
}

async function asked(): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return answer.text();
}

async function connected(): Promise<void> {
  const socket = new Socket();
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  socket.destroy();
}

it('a skill that goes by the tools alone passes, also where the server is in this process', async () => {
  const look = (tools: Tools): Promise<Json> => tools.call('read', {}, signal);
  expect(await overMcp(inProcess(), look)).toBe('fine');
});

it.each([
  ['asks the system by HTTP', asked],
  ['connects to it', connected],
  ['runs a program', () => promisify(execFile)(process.execPath, ['--version'])],
] as const)('one that %s beside its calls is found out', async (_, goRound) => {
  const look = async (tools: Tools): Promise<void> => {
    await tools.call('read', {}, signal);
    await goRound();
  };
  await expect(overMcp(inProcess(), look)).rejects.toThrow('to deeply equal []');
});
