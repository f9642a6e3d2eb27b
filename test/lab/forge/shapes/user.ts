import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { World } from '../world/world.ts';

/** An opaque id in GitHub's manner: the same for the same thing. */
export function nodeId(kind: string, id: string | number): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

/** Accounts are not kept: whoever has a name has an account, with a number made of the name. */
function accountNumber(login: string): number {
  return createHash('sha256').update(login).digest().readUIntBE(0, 4);
}

export function userEmail(login: string): string {
  return `${login}@users.noreply.github.localhost`;
}

export function simpleUser(world: World, login: string): JsonObject {
  const url = `${world.apiUrl}/users/${login}`;
  const id = accountNumber(login);
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${world.url}/avatars/u/${id}`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  };
}

/** The account behind a commit's e-mail address, if one of ours. */
export function userByEmail(world: World, email: string): JsonObject | null {
  const login = email.endsWith(userEmail('')) ? email.slice(0, -userEmail('').length) : '';
  return login === '' ? null : simpleUser(world, login);
}
