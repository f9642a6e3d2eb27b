/** A small seeded generator, so that a failure can be run again (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const hexDigits = '0123456789abcdef';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
export const base62 = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${lower}${digits}`;

/** Makes texts by chance. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)] as T;
  }

  text(characters: string, length: number): string {
    return Array.from({ length }, () => this.pick(Array.from(characters))).join('');
  }

  hex(length: number): string {
    return this.text(hexDigits, length);
  }

  digits(length: number): string {
    return this.text(digits, length);
  }

  bytes(length: number): Buffer {
    return Buffer.from(this.hex(2 * length), 'hex');
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.hex(length)).join('-');
  }

  word(): string {
    return this.pick(['payments', 'orders', 'notification', 'gateway', 'worker', 'checkout', 'ledger', 'inventory']);
  }

  pod(): string {
    return `${this.word()}-api-${this.text('bcdfghjklmnpqrstvwxz2456789', 10)}-${this.text('bcdfghjklmnpqrstvwxz2456789', 5)}`;
  }
}

type Format = readonly [name: string, make: (chance: Chance) => string];

/** What looks like a secret in logs, events, manifests and answers of tools, and is none; by format. */
export const formats: readonly Format[] = [
  ['commit', (c) => `commit ${c.hex(40)} by Ada Lovelace`],
  ['short commit', (c) => `deployed ${c.hex(7)} of acme/${c.word()}-api`],
  ['tree of a commit', (c) => `tree ${c.hex(40)}\nparent ${c.hex(40)}`],
  ['image digest', (c) => `ghcr.io/acme/${c.word()}@sha256:${c.hex(64)}`],
  [
    'pulled image',
    (c) => `Successfully pulled image "r.example/${c.word()}:1.${c.digits(2)}.3" in 2.1s, id sha256:${c.hex(64)}`,
  ],
  ['container', (c) => `containerd://${c.hex(64)}`],
  ['uuid', (c) => `request ${c.uuid()} took ${c.digits(3)} ms`],
  ['request id', (c) => `"requestId":"${c.uuid()}","status":500`],
  ['x-request-id', (c) => `x-request-id: ${c.hex(32)}`],
  ['traceparent', (c) => `traceparent: 00-${c.hex(32)}-${c.hex(16)}-01`],
  ['trace id', (c) => `trace_id=${c.hex(32)} span_id=${c.hex(16)} level=info`],
  ['x-ray', (c) => `X-Amzn-Trace-Id: Root=1-${c.hex(8)}-${c.hex(24)};Sampled=1`],
  ['amz id', (c) => `x-amz-request-id: ${c.text(digits + 'ABCDEFGH', 16)}`],
  ['etag', (c) => `ETag: "${c.hex(32)}"`],
  ['md5 of a key', (c) => `cache key=${c.hex(32)} miss`],
  ['checksum', (c) => `sha256 ${c.hex(64)}  dist/app.tar.gz`],
  ['content hash', (c) => `main.${c.hex(8)}.js 120 kB, chunk-${c.hex(20)}.js`],
  ['integrity', (c) => `"integrity": "sha512-${c.bytes(64).toString('base64')}"`],
  ['go.sum', (c) => `github.com/acme/${c.word()} v1.2.${c.digits(1)} h1:${c.bytes(32).toString('base64')}`],
  [
    'resolved',
    (c) => `"resolved": "https://registry.example/${c.word()}/-/${c.word()}-1.0.${c.digits(1)}.tgz#${c.hex(40)}"`,
  ],
  ['ssh fingerprint', (c) => `SHA256:${c.bytes(32).toString('base64').replace(/=+$/, '')} (ED25519)`],
  [
    'public key',
    (c) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${c.bytes(32).toString('base64').slice(0, 43)} ada@example`,
  ],
  [
    'certificate',
    (c) =>
      `-----BEGIN CERTIFICATE-----\n${Array.from({ length: 6 }, () => c.bytes(48).toString('base64')).join('\n')}\n-----END CERTIFICATE-----`,
  ],
  ['picture', (c) => `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${c.bytes(90).toString('base64')}`],
  ['base64 of bytes', (c) => `payload ${c.bytes(60).toString('base64')}`],
  [
    'base64 of prose',
    (c) => Buffer.from(`The order of ${c.word()} was not found in the ${c.word()} queue.`).toString('base64'),
  ],
  [
    'base64 of json',
    (c) =>
      Buffer.from(JSON.stringify({ page: Number(c.digits(2)), node: c.word(), after: c.uuid() })).toString('base64'),
  ],
  [
    'continue',
    (c) =>
      `continue=${Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: Number(c.digits(8)), start: `${c.pod()}\u0000` })).toString('base64url')}`,
  ],
  ['node id', (c) => `"id":"${Buffer.from(`04:User${c.digits(7)}`).toString('base64')}"`],
  ['graphql cursor', (c) => `"endCursor":"${Buffer.from(`cursor:${c.digits(6)}`).toString('base64')}"`],
  ['hex of prose', (c) => Buffer.from(`the ${c.word()} queue is empty`).toString('hex')],
  ['arn of a task', (c) => `arn:aws:ecs:eu-west-1:${c.digits(12)}:task/staging/${c.hex(32)}`],
  ['arn of a role', (c) => `arn:aws:iam::${c.digits(12)}:role/${c.word()}-task-role`],
  [
    'arn of a secret',
    (c) =>
      `"valueFrom":"arn:aws:secretsmanager:eu-west-1:${c.digits(12)}:secret:${c.word()}-db-password-${c.text(base62, 6)}"`,
  ],
  [
    'arn of a target group',
    (c) => `arn:aws:elasticloadbalancing:eu-west-1:${c.digits(12)}:targetgroup/${c.word()}/${c.hex(16)}`,
  ],
  ['queue', (c) => `https://sqs.eu-west-1.amazonaws.com/${c.digits(12)}/${c.word()}-events.fifo`],
  ['receipt of a message', (c) => `MessageId ${c.uuid()}, MD5OfBody ${c.hex(32)}`],
  ['instance', (c) => `i-${c.hex(17)} in subnet-${c.hex(17)}, sg-${c.hex(17)}`],
  ['host', (c) => `${c.word()}-db.c${c.text(lower + digits, 11)}.eu-west-1.rds.amazonaws.com:5432`],
  ['node', (c) => `ip-10-0-${c.digits(2)}-${c.digits(2)}.eu-west-1.compute.internal`],
  ['service', (c) => `http://${c.word()}.staging.svc.cluster.local:8080/health`],
  ['pod', (c) => `pod/${c.pod()} CrashLoopBackOff`],
  ['pod by key', (c) => `key: ${c.word()}/${c.pod()}`],
  ['resource version', (c) => `resourceVersion: "${c.digits(9)}", generation: ${c.digits(1)}`],
  ['uid', (c) => `uid: ${c.uuid()}`],
  ['pod template hash', (c) => `pod-template-hash=${c.text('bcdf456789', 10)}`],
  ['checksum annotation', (c) => `checksum/config: ${c.hex(64)}`],
  ['checksum of a secret', (c) => `checksum/secret: ${c.hex(64)}`],
  ['name of a Secret', (c) => `secretName: ${c.word()}-tls\nsecretKeyRef:\n  name: ${c.word()}-db\n  key: password`],
  ['missing Secret', (c) => `MountVolume.SetUp failed for volume "creds" : secret "${c.word()}-db" not found`],
  ['placeholder', (c) => `password: \${${c.word().toUpperCase()}_PASSWORD}`],
  ['template', (c) => `token: {{ .Values.${c.word()}.token }}`],
  ['workflow secret', (c) => `password: \${{ secrets.${c.word().toUpperCase()}_PASSWORD }}`],
  ['log template', () => 'token=<*> user=<*> took <num> ms'],
  ['bound parameter', (c) => `SELECT id FROM ${c.word()} WHERE token = $1 AND password = ?`],
  ['format', () => 'password=%s user=%s'],
  ['masked', () => 'password=******** token=[REDACTED] secret=xxxxxxxx'],
  ['from the environment', (c) => `const password = process.env.${c.word().toUpperCase()}_PASSWORD;`],
  ['python', (c) => `api_key = os.environ["${c.word().toUpperCase()}_API_KEY"]`],
  ['type', () => 'interface Login { password: string; token?: string; apiKey: string | undefined }'],
  ['file of a key', (c) => `--private-key /etc/${c.word()}/tls.key --token-file=/var/run/secrets/token`],
  ['failed login', (c) => `FATAL: password authentication failed for user "${c.word()}"`],
  ['expired token', () => 'the token has expired; token is invalid, authorization: denied'],
  [
    'tokens of a model',
    (c) => `max_tokens: ${c.digits(4)}, input_tokens=${c.digits(3)}, "total_tokens": ${c.digits(4)}`,
  ],
  ['parse error', (c) => `SyntaxError: Unexpected token } in JSON at position ${c.digits(3)}`],
  ['primary key', (c) => `duplicate key value violates unique constraint "${c.word()}_pkey"`],
  ['key of redis', (c) => `GET ${c.word()}:session:${c.digits(6)} (nil)`],
  ['key of s3', (c) => `s3://acme-${c.word()}/2026/11/30/export-${c.digits(6)}.parquet`],
  ['routing key', (c) => `routing_key=${c.word()}.created.v2 partition_key=${c.word()}-${c.digits(4)}`],
  ['idempotency key', (c) => `Idempotency-Key: ${c.uuid()}`],
  [
    'public key of a client',
    (c) =>
      `"kty":"EC","crv":"P-256","x":"${c.bytes(32).toString('base64url')}","y":"${c.bytes(32).toString('base64url')}"`,
  ],
  ['stack', (c) => `    at TokenService.authenticate (/app/src/auth/token-service.ts:${c.digits(3)}:${c.digits(2)})`],
  [
    'java stack',
    (c) =>
      `\tat com.acme.${c.word()}.security.PasswordEncoderFactory.encodePassword(PasswordEncoderFactory.java:${c.digits(3)})`,
  ],
  [
    'go stack',
    (c) => `github.com/acme/${c.word()}/auth.(*Tokens).Verify(0xc000${c.hex(6)}, {0xc000${c.hex(6)}, 0x24})`,
  ],
  [
    'passed test',
    (c) => `--- PASS: Test${c.word()}TokenIsRefused (0.0${c.digits(1)}s)\nPASS: tests/${c.word()}_test.py`,
  ],
  [
    'access log',
    (c) =>
      `10.0.0.${c.digits(2)} - - [30/Nov/2026:10:00:00 +0000] "GET /api/v1/${c.word()}?page=2&sort=%2Bname&from=2026-11-30T10%3A00%3A00Z HTTP/1.1" 200 512`,
  ],
  ['url with a port', (c) => `http://${c.word()}:8080/a@b and https://example.test/@${c.word()}/x`],
  ['mail', (c) => `ada.lovelace+${c.word()}@example.test`],
  ['time', (c) => `2026-11-30T10:0${c.digits(1)}:00.${c.digits(3)}Z 1764496800${c.digits(3)}`],
  ['version', (c) => `v1.${c.digits(2)}.0-rc.1+build.${c.hex(7)}`],
  [
    'user agent',
    (c) => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/1${c.digits(2)}.0.0.0 Safari/537.36`,
  ],
  ['request of Stripe', (c) => `request_id=req_${c.text(base62, 14)} evt_${c.text(base62, 24)}`],
  ['answer of a model', (c) => `"id":"msg_01${c.text(base62, 22)}"`],
  ['ulid', (c) => `01J${c.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}`],
  ['nanoid', (c) => `session ${c.digits(6)} of room ${c.word()}`],
  ['prometheus', (c) => `http_requests_total{code="500",handler="/token",pod="${c.pod()}"} ${c.digits(4)}`],
  ['environment names', () => 'environmentNames: ["DB_PASSWORD","API_TOKEN","LOG_LEVEL"]'],
  ['port mapping', (c) => `docker run -p 8080:80 -p 127.0.0.1:5432:5432 acme/${c.word()}`],
  ['memory', (c) => `0x00007f${c.hex(10)} in start_thread () from libc.so.6`],
  ['wwn', (c) => `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0${c.hex(16)}`],
  ['mac', (c) => Array.from({ length: 6 }, () => c.hex(2)).join(':')],
  ['ipv6', (c) => `2001:db8:${c.hex(4)}:${c.hex(4)}::1`],
];
