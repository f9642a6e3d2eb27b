import type { IncomingMessage } from 'node:http';
import { maySee } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import { type Answer, ApiError, notFound } from './answer.ts';
import { authenticate } from './api.ts';

export const rawPrefix = '/raw/';

/** A file's bytes at `/raw/OWNER/REPOSITORY/REF/PATH`, where a REF may hold slashes: `download_url` points here. */
export async function answerRaw(world: World, message: IncomingMessage, path: string): Promise<Answer> {
  try {
    const actor = authenticate(world, message);
    const [owner = '', name = '', ...rest] = decodeURIComponent(path.slice(rawPrefix.length)).split('/');
    const repository = world.find(`${owner}/${name}`);
    if (repository === undefined || !maySee(actor, repository.fullName)) throw notFound();
    for (let at = 1; at < rest.length; at += 1) {
      const name = `${rest.slice(0, at).join('/')}:${rest.slice(at).join('/')}`;
      const sha = await repository.git.maybe(['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
      if (sha === undefined || (await repository.git.text(['cat-file', '-t', sha])) !== 'blob') continue;
      return {
        status: 200,
        type: 'text/plain; charset=utf-8',
        body: await repository.git.bytes(['cat-file', 'blob', sha]),
      };
    }
    throw notFound();
  } catch (error) {
    if (error instanceof ApiError) return error.answer();
    throw error;
  }
}
