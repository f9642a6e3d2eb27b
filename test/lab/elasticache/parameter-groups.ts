import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';

/**
 * An endpoint in front of moto that does what moto lacks of ElastiCache's query protocol: DescribeCacheParameters and
 * ModifyCacheParameterGroup, on the groups that it is given by name, and no events. Aborting stops it.
 */
export async function startParameterGroups(
  motoUrl: string,
  groups: ReadonlyMap<string, Map<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const server = createServer((request, response) => void handle(request, response, new URL(motoUrl), groups));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  signal.addEventListener('abort', () => (server.close(), server.closeAllConnections()), { once: true });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  moto: URL,
  groups: ReadonlyMap<string, Map<string, string>>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const input = new URLSearchParams(body.toString('utf8'));
  const group = groups.get(input.get('CacheParameterGroupName') ?? '');
  const action = input.get('Action') ?? '';
  if (action === 'DescribeEvents') answer(response, action, '<Events/>');
  else if (action === 'DescribeCacheParameters' && group !== undefined) answer(response, action, parametersOf(group));
  else if (action === 'ModifyCacheParameterGroup' && group !== undefined) {
    for (let index = 1; input.has(`${entry(index)}.ParameterName`); index += 1) {
      group.set(input.get(`${entry(index)}.ParameterName`) ?? '', input.get(`${entry(index)}.ParameterValue`) ?? '');
    }
    answer(
      response,
      action,
      `<CacheParameterGroupName>${input.get('CacheParameterGroupName')}</CacheParameterGroupName>`,
    );
  } else passOn(request, body, response, moto);
}

function entry(index: number): string {
  return `ParameterNameValues.ParameterNameValue.${index}`;
}

function parametersOf(group: ReadonlyMap<string, string>): string {
  const all = [...group].map(
    ([name, value]) =>
      `<Parameter><ParameterName>${name}</ParameterName><ParameterValue>${value}</ParameterValue></Parameter>`,
  );
  return `<Parameters>${all.join('')}</Parameters>`;
}

function answer(response: ServerResponse, action: string, result: string): void {
  const xmlns = 'http://elasticache.amazonaws.com/doc/2015-02-02/';
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(`<${action}Response xmlns="${xmlns}"><${action}Result>${result}</${action}Result></${action}Response>`);
}

function passOn({ method, url, rawHeaders }: IncomingMessage, body: Buffer, response: ServerResponse, moto: URL): void {
  const onward = send({ host: moto.hostname, port: moto.port, path: url, method, headers: rawHeaders }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
    answered.pipe(response);
  });
  onward.once('error', () => response.destroy());
  onward.end(body);
}
