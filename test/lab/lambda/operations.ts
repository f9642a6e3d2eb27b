import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Configuration, type Functions, latest } from './functions.ts';
import { askMoto, type MotoAnswer, relay, succeeded } from './moto.ts';

/** A request of Lambda's API that this endpoint takes part in. */
export interface FunctionRequest {
  /** Method and what of the function it is about: `GET`, `PUT configuration`, ... */
  readonly operation: string;
  /** Empty where a function is created. */
  readonly name: string;
}

export interface OperationParts {
  readonly moto: string;
  readonly functions: Functions;
}

interface Call {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly name: string;
  readonly parts: OperationParts;
}

type Members = Readonly<Record<string, unknown>>;

/** Moto's answer, and what it should have been where it lacks something. */
type Completed = readonly [MotoAnswer, object | undefined];

const path = /^\/\d{4}-\d\d-\d\d\/functions(?:\/(?<name>[^/]+)(?:\/(?<part>\w+))?)?\/?$/;

/** Of the account moto knows nothing. */
export function isAboutAccount({ url = '/' }: IncomingMessage): boolean {
  return /^\/\d{4}-\d\d-\d\d\/account-settings\/?$/.test(new URL(url, 'http://lambda').pathname);
}

export function accountSettings({ concurrency, unreserved }: Functions): object {
  return { AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: unreserved } };
}

/** Undefined for what has nothing to do with one function. */
export function functionRequestOf({ method = 'GET', url = '/' }: IncomingMessage): FunctionRequest | undefined {
  const groups = path.exec(new URL(url, 'http://lambda').pathname)?.groups;
  if (groups === undefined) return undefined;
  const { name = '', part } = groups;
  // A name or an ARN, which ends with the name.
  return { operation: [method, part].join(' ').trim(), name: decodeURIComponent(name).split(':').at(-1) ?? '' };
}

/** Answers a request as Lambda would. @throws ServiceError */
export async function answerFunctionRequest(
  { operation, name }: FunctionRequest,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  parts: OperationParts,
): Promise<void> {
  const perform = operations.get(name === '' ? `${operation} all` : operation) ?? askOnly;
  const [answer, completed] = await perform({ request, body, name, parts });
  relay(response, answer, completed);
}

const operations: ReadonlyMap<string, (call: Call) => Promise<Completed>> = new Map([
  ['POST all', createFunction],
  ['GET', getFunction],
  ['GET configuration', getConfiguration],
  ['PUT configuration', updateFunction],
  ['PUT code', updateFunction],
  ['GET versions', listVersions],
  ['POST versions', publishVersion],
  ['PUT concurrency', putConcurrency],
  ['DELETE concurrency', deleteConcurrency],
]);

function ask({ request, body, parts }: Call): Promise<MotoAnswer> {
  const { method = 'GET', url = '/', headers } = request;
  return askMoto(parts.moto, { method, path: url, headers, body });
}

async function askOnly(call: Call): Promise<Completed> {
  return [await ask(call), undefined];
}

/** The answer of a call, with its body changed where it is not an error. */
async function asked(call: Call, change: (body: Members) => object): Promise<Completed> {
  const answer = await ask(call);
  return [answer, succeeded(answer) ? change(membersOf(answer.text)) : undefined];
}

function membersOf(text: string): Members {
  return text === '' ? {} : (JSON.parse(text) as Members);
}

function createFunction(call: Call): Promise<Completed> {
  const { functions } = call.parts;
  const input = membersOf(call.body);
  return asked(call, (created) => {
    functions.change(String(input['FunctionName']), input);
    return functions.complete(created as Configuration);
  });
}

function getFunction(call: Call): Promise<Completed> {
  const { functions } = call.parts;
  return asked(call, (found) => {
    const reserved = functions.reserved(call.name);
    const Concurrency = reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } };
    return { ...found, ...Concurrency, Configuration: functions.complete(found['Configuration'] as Configuration) };
  });
}

function getConfiguration(call: Call): Promise<Completed> {
  return asked(call, (found) => call.parts.functions.complete(found as Configuration));
}

async function updateFunction(call: Call): Promise<Completed> {
  const { functions } = call.parts;
  functions.change(call.name, membersOf(call.body));
  return asked(call, (updated) => functions.complete(updated as Configuration));
}

function listVersions(call: Call): Promise<Completed> {
  const { functions } = call.parts;
  return asked(call, (found) => ({
    ...found,
    Versions: (found['Versions'] as readonly Configuration[]).map((version) => functions.complete(version)),
  }));
}

function publishVersion(call: Call): Promise<Completed> {
  const { functions } = call.parts;
  return asked(call, (published) => {
    const configuration = published as Configuration;
    if (configuration.Version !== latest) functions.publish(call.name, configuration.Version);
    return functions.complete(configuration);
  });
}

function putConcurrency(call: Call): Promise<Completed> {
  return asked(call, (set) => {
    call.parts.functions.reserve(call.name, Number(set['ReservedConcurrentExecutions']));
    return set;
  });
}

function deleteConcurrency(call: Call): Promise<Completed> {
  return asked(call, (nothing) => {
    call.parts.functions.reserve(call.name, undefined);
    return nothing;
  });
}
