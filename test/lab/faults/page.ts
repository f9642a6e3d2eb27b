import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from '../world/lab.ts';
import { type Edit, edited } from './edit.ts';
import type { Judgement } from './fault.ts';

const run = promisify(execFile);

/** What the page says once its scripts have run, read in a browser of the judge's own. */
const ready = 'Ready to pay';

/** A buyer's view: the page comes to the point where one can pay, and what its button sends is taken. */
export async function buyersAreServed(lab: Lab): Promise<Judgement> {
  const shown = await shownPage(lab);
  const answers = await Promise.all(Array.from({ length: 5 }, () => pay(lab)));
  const healed = shown.includes(ready) && answers.every((status) => status === 200);
  const line = /role="status"[^>]*>([^<]*)</.exec(shown)?.[1] ?? 'no such line';
  return { healed, seen: `the page says "${line}"; payments through it: ${answers.join(', ')}` };
}

/** A release of the page, after which a browser no longer comes to the point where one can pay. */
export async function releaseStuckPage(lab: Lab, message: string, { path, from, to }: Edit): Promise<void> {
  const text = await edited(lab, 'frontend', path, [[from, to]]);
  const { conclusion } = await lab.commit('frontend', { message, files: { [path]: text } });
  if (conclusion !== 'success') throw new Error(`the release ended with ${conclusion}`);
  await lab.awaitRollout('frontend');
  await lab.until('the page to be stuck', () => pageIsStuck(lab), 60_000);
}

async function pageIsStuck(lab: Lab): Promise<boolean> {
  return !(await shownPage(lab)).includes(ready);
}

async function shownPage({ chromium, signal, ...lab }: Lab): Promise<string> {
  if (chromium === undefined) throw new Error('the lab has no page without its part web');
  const profile = mkdtempSync(join(tmpdir(), 'lab-browser-'));
  try {
    const quiet = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
    const asked = ['--virtual-time-budget=5000', '--dump-dom', `${lab.url('frontend')}/`];
    const env = { PATH: '/usr/bin:/bin', HOME: profile, ...chromium.env };
    return (await run(chromium.path, [...quiet, ...asked], { signal, env, timeout: 40_000 })).stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function pay(lab: Lab): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ amount: 5 });
  const { status } = await fetch(`${lab.url('frontend')}/api/checkout`, { method: 'POST', headers, body });
  return status;
}
