import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { resourcesList } from '../../../../skills/kubernetes/server/resources-list.ts';
import type { ApiRequest } from '../../../../skills/kubernetes/server/api-client.ts';
import type { KubernetesBackend } from '../../../../skills/kubernetes/server/backend.ts';

/** Lists in pages of one, `pages` of them. */
function list(pages: number, asked: ApiRequest[] = []): Promise<unknown> {
  const backend = {
    call(_context: string | undefined, request: ApiRequest) {
      asked.push(request);
      const page = Number(request.query?.['continue'] ?? '0') + 1;
      const metadata: JsonObject = page < pages ? { continue: String(page) } : {};
      return Promise.resolve({ metadata, items: [{ metadata: { name: `pod-${page}` } }] });
    },
  } as unknown as KubernetesBackend;
  const args = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', labelSelector: 'app=shop' };
  return resourcesList.handle(args, { backend, signal: new AbortController().signal });
}

describe('a list that comes in pages', () => {
  it('is answered whole', async () => {
    const asked: ApiRequest[] = [];
    const names = ['pod-1', 'pod-2', 'pod-3'].map((name) => ({ metadata: { name } }));
    expect(await list(3, asked)).toEqual({ items: names });
    expect(asked.map(({ query }) => query?.['labelSelector'])).toEqual(['app=shop', 'app=shop', 'app=shop']);
  });

  it('fails where it is too long, since a part would look like the whole', async () => {
    await expect(list(11)).rejects.toMatchObject({ code: 'TooManyObjects' });
  });
});
