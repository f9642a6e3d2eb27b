import type { RefChange } from '../world/writes.ts';

/** What a client asks of `git-receive-pack`: the refs to change, and what it understands. */
export interface PushRequest {
  readonly changes: readonly RefChange[];
  readonly capabilities: ReadonlySet<string>;
}

/** Reads the commands before the pack: pkt-lines `BEFORE AFTER REF`, the first followed by NUL and the capabilities. */
export function parsePush(body: Buffer): PushRequest {
  const changes: RefChange[] = [];
  const capabilities = new Set<string>();
  for (const line of packetLines(body)) {
    const [command = '', features] = line.split('\0', 2);
    for (const feature of (features ?? '').trim().split(' ')) capabilities.add(feature);
    const [before, after, ref] = command.trim().split(' ');
    if (before !== undefined && after !== undefined && ref !== undefined) changes.push({ before, after, ref });
  }
  return { changes, capabilities };
}

/** The pkt-lines up to the first flush. */
function* packetLines(body: Buffer): Generator<string> {
  for (let at = 0; at + 4 <= body.length;) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length >= 4)) return;
    yield body.toString('utf8', at + 4, at + length);
    at += length;
  }
}

/** The whole answer to a push that is refused: lines for the person, and a reason for each ref. */
export function refusePush(push: PushRequest, reason: (ref: string) => string, remarks: readonly string[]): Buffer {
  const report = Buffer.concat([
    packet('unpack ok\n'),
    ...push.changes.map(({ ref }) => packet(`ng ${ref} ${reason(ref)}\n`)),
    flush,
  ]);
  if (!push.capabilities.has('side-band-64k')) return report;
  const spoken = remarks.map((remark) => packet(`\u0002${remark}\n`));
  return Buffer.concat([...spoken, packet(Buffer.concat([Buffer.from([1]), report])), flush]);
}

const flush = Buffer.from('0000');

function packet(content: string | Buffer): Buffer {
  const payload = Buffer.from(content);
  return Buffer.concat([Buffer.from((payload.length + 4).toString(16).padStart(4, '0')), payload]);
}
