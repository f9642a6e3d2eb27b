import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startForge } from '../forge.ts';

/** A forge of its own process, with a step under way, for a test that kills it. Its argument is the path of bubblewrap, or nothing. */
const [bwrap = ''] = process.argv.slice(2);
const forge = await startForge({
  dataDir: mkdtempSync(join(tmpdir(), 'forge-killed-')),
  signal: new AbortController().signal,
  bwrap: bwrap === '' ? false : bwrap,
});
const steps = "steps: [{run: 'setsid sleep 302 & sleep 303; echo never'}]";
const workflow = `on: push\njobs: {build: {runs-on: x, ${steps}}}\n`;
await forge.createRepository('acme/store', { files: { '.github/workflows/ci.yaml': workflow }, runWorkflows: true });
console.log('started');
