/** GitHub's largest page. */
export const perPage = 100;

/** A list that has more pages than are read. */
export class TooManyPages extends Error {
  constructor(what: string, most: number) {
    super(`there are more than ${most * perPage} ${what}`);
    this.name = 'TooManyPages';
  }
}

type Page = { readonly perPage: number; readonly page: number };

/** The whole list, page by page. @throws TooManyPages: a part of it would pass for all there is */
export async function allPages<T>(
  what: string,
  most: number,
  read: (page: Page) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = 1; page <= most; page += 1) {
    const found = await read({ perPage, page });
    items.push(...found);
    if (found.length < perPage) return items;
  }
  throw new TooManyPages(what, most);
}
