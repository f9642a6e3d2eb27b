import type { Answer } from './answer.ts';
import type { ApiRequest } from './request.ts';

/** What a client asks for beside JSON by an Accept header such as `application/vnd.github.raw+json`. */
export type Media = 'raw' | 'diff' | 'patch' | 'sha' | 'json';

export function mediaOf({ accept }: ApiRequest): Media {
  const [, word] = /application\/vnd\.github(?:\.v3)?\.(raw|diff|patch|sha)\b/.exec(accept) ?? [];
  return (word as Media | undefined) ?? 'json';
}

export function textAnswer(media: Media, body: Buffer): Answer {
  return { status: 200, type: `application/vnd.github.v3.${media}; charset=utf-8`, body };
}
