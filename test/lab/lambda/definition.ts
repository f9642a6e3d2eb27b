import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../insights/protocol.ts';
import type { Configuration, Functions } from './functions.ts';
import { askMoto, succeeded } from './moto.ts';

/** All that running a function takes. */
export interface FunctionDefinition {
  readonly name: string;
  readonly revision: string;
  readonly image: string;
  /** `folder/file.export`, within the image. */
  readonly handler: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** In the shape of GetFunction's answer. */
interface Found {
  readonly Configuration: Configuration & {
    readonly MemorySize: number;
    readonly Timeout: number;
    readonly Environment?: { readonly Variables: Readonly<Record<string, string>> };
    readonly ImageConfigResponse: { readonly ImageConfig: { readonly Command: readonly string[] } };
  };
  readonly Code: { readonly ImageUri: string };
}

/** Reads a function as its caller. @throws ServiceError ResourceNotFoundException */
export async function readDefinition(
  moto: string,
  functions: Functions,
  name: string,
  headers: IncomingHttpHeaders,
): Promise<FunctionDefinition> {
  const answer = await askMoto(moto, { method: 'GET', path: `/2015-03-31/functions/${name}`, headers });
  if (!succeeded(answer)) {
    throw new ServiceError(answer.errorType ?? 'ServiceException', answer.text, { Type: 'User' }, answer.status);
  }
  const { Configuration: found, Code } = JSON.parse(answer.text) as Found;
  return {
    name,
    revision: String(functions.complete(found)['RevisionId']),
    image: Code.ImageUri,
    handler: found.ImageConfigResponse.ImageConfig.Command[0] ?? '',
    memoryMiB: found.MemorySize,
    timeoutSeconds: found.Timeout,
    environment: found.Environment?.Variables ?? {},
  };
}
