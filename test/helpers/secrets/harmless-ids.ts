import type { Dice } from './dice.ts';

/** What looks like a secret and is none: texts of one kind, each with values of its own. */
export interface HarmlessFormat {
  readonly kind: string;
  readonly puts: readonly ((dice: Dice) => string)[];
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const b64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const account = (dice: Dice): string => dice.digits(12);
const png = (dice: Dice): string =>
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]),
    dice.bytes(180),
  ]).toString('base64');

export const identifiers: readonly HarmlessFormat[] = [
  {
    kind: 'commit',
    puts: [
      (dice) => `commit ${dice.hex(40)}\nAuthor: Ann <ann@example.com>\n\n    Fix the pool`,
      (dice) => `deployed ${dice.hex(40)} to staging`,
      (dice) => `${dice.hex(7)}..${dice.hex(7)} main -> origin/main`,
      (dice) => JSON.stringify({ sha: dice.hex(40), parents: [{ sha: dice.hex(40) }] }),
      (dice) => `index ${dice.hex(7)}..${dice.hex(7)} 100644`,
    ],
  },
  {
    kind: 'image digest',
    puts: [
      (dice) => `Pulled registry.example.com/acme/orders@sha256:${dice.hex(64)} in 2.1s`,
      (dice) => `"imageID": "docker.io/library/redis@sha256:${dice.hex(64)}"`,
      (dice) => `containerID: containerd://${dice.hex(64)}`,
      (dice) => `layer ${dice.hex(12)}: Pull complete`,
    ],
  },
  {
    kind: 'UUID',
    puts: [
      (dice) => `order ${dice.uuid()} was not found`,
      (dice) => JSON.stringify({ id: dice.uuid(), tenant: dice.uuid() }),
      (dice) => `uid: ${dice.uuid()}`,
      (dice) => `GET /v1/orders/${dice.uuid()} 404 3ms`,
    ],
  },
  {
    kind: 'ULID',
    puts: [
      (dice) => `event_id=01J${dice.of(crockford, 23)} type=created`,
      (dice) => `job 01H${dice.of(crockford, 23)} done`,
    ],
  },
  {
    kind: 'trace',
    puts: [
      (dice) => `traceparent: 00-${dice.hex(32)}-${dice.hex(16)}-01`,
      (dice) => JSON.stringify({ trace_id: dice.hex(32), span_id: dice.hex(16), msg: 'slow' }),
      (dice) => `X-Amzn-Trace-Id: Root=1-${dice.hex(8)}-${dice.hex(24)};Sampled=1`,
      (dice) => `[dd.trace_id=${dice.digits(19)} dd.span_id=${dice.digits(18)}] request done`,
    ],
  },
  {
    kind: 'ETag',
    puts: [(dice) => `ETag: "${dice.hex(32)}"`, (dice) => `if-none-match: W/"${dice.hex(10)}-${dice.base62(27)}"`],
  },
  {
    kind: 'integrity',
    puts: [
      (dice) => `"integrity": "sha512-${dice.base64(64)}"`,
      (dice) => `golang.org/x/net v0.38.0 h1:${dice.base64(32)}`,
      (dice) => `<script src="/a.js" integrity="sha384-${dice.base64(48)}"></script>`,
      (dice) => `--hash=sha256:${dice.hex(64)}`,
      (dice) => `checksum = "${dice.hex(64)}"`,
    ],
  },
  {
    kind: 'ARN',
    puts: [
      (dice) => `arn:aws:ecs:eu-central-1:${account(dice)}:task/staging/${dice.hex(32)}`,
      (dice) => `arn:aws:secretsmanager:eu-central-1:${account(dice)}:secret:orders/db-${dice.base62(6)}`,
      (dice) => `"taskRoleArn": "arn:aws:iam::${account(dice)}:role/orders-task"`,
      (dice) => `arn:aws:elasticloadbalancing:eu-central-1:${account(dice)}:targetgroup/orders/${dice.hex(16)}`,
    ],
  },
  {
    kind: 'name of a cloud resource',
    puts: [
      (dice) => `i-0${dice.hex(16)} is running in subnet-0${dice.hex(16)}`,
      (dice) => `vpc-${dice.hex(17)} sg-${dice.hex(17)}`,
      (dice) => `/subscriptions/${dice.uuid()}/resourceGroups/orders/providers/Microsoft.Web/sites/orders`,
      () => 'projects/acme/locations/europe-west6/keyRings/orders/cryptoKeys/db',
      (dice) => `https://sqs.eu-central-1.amazonaws.com/${account(dice)}/orders-${dice.word()}`,
    ],
  },
  {
    kind: 'request id',
    puts: [
      (dice) => `ThrottlingException: Rate exceeded (RequestId: ${dice.uuid()})`,
      (dice) => `x-amz-request-id: ${dice.of('0123456789ABCDEF', 16)}`,
      (dice) => `x-amz-id-2: ${dice.base64(56)}`,
      (dice) => `cf-ray: ${dice.hex(16)}-FRA`,
      (dice) => `request-id: req_01${dice.base62(22)}`,
    ],
  },
  {
    kind: 'name of a Pod',
    puts: [
      (dice) => `pod/orders-${dice.hex(10)}-${dice.of('bcdfghjklmnpqrstvwxz2456789', 5)} CrashLoopBackOff`,
      (dice) => `node ip-10-0-${dice.int(1, 250)}-${dice.int(1, 250)}.eu-central-1.compute.internal is not ready`,
      (dice) => `orders-${dice.word()}-${dice.hex(8)}.${dice.hex(16)}`,
    ],
  },
  {
    kind: 'base64 of data',
    puts: [
      (dice) => `payload: ${b64({ order: dice.int(1, 9999), items: [dice.word(), dice.word()], total: 12.5 })}`,
      (dice) =>
        JSON.stringify({
          body: b64(`<html><body><h1>${dice.word()} ${dice.word()}</h1></body></html>`),
          isBase64Encoded: true,
        }),
      (dice) => `Kinesis record data=${b64(`{"event":"click","page":"/${dice.word()}"}`)}`,
      (dice) => b64(`The ${dice.word()} is ready and ${dice.word()} follows.`),
    ],
  },
  {
    kind: 'picture',
    puts: [
      (dice) => `background: url(data:image/png;base64,${png(dice)})`,
      (dice) => `<img src="data:image/png;base64,${png(dice)}">`,
    ],
  },
  {
    kind: 'certificate',
    puts: [(dice) => block('CERTIFICATE', dice.base64(700)), (dice) => block('CERTIFICATE REQUEST', dice.base64(500))],
  },
  {
    kind: 'public key',
    puts: [
      (dice) => block('PUBLIC KEY', dice.base64(294)),
      (dice) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${dice.base64(32)} ann@laptop`,
      (dice) => `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${dice.base64(300)} deploy`,
      (dice) => `[Peer]\nPublicKey = ${dice.base64(32)}\nAllowedIPs = 10.8.0.0/24`,
      (dice) => JSON.stringify({ kty: 'RSA', kid: dice.urlSafe(20), use: 'sig', n: dice.urlSafe(342), e: 'AQAB' }),
      (dice) => `recipient: age1${dice.of('qpzry9x8gf2tvdw0s3jn54khce6mua7l', 58)}`,
    ],
  },
  {
    kind: 'fingerprint',
    puts: [
      (dice) => `The key fingerprint is SHA256:${dice.base64(32).replace('=', '')}`,
      (dice) => `serial=${dice.hex(32).toUpperCase()}`,
      (dice) => `SHA1 Fingerprint=${(dice.hex(40).toUpperCase().match(/../g) ?? []).join(':')}`,
      (dice) => `X509v3 Subject Key Identifier: ${(dice.hex(40).toUpperCase().match(/../g) ?? []).join(':')}`,
    ],
  },
  {
    kind: 'checksum',
    puts: [
      (dice) => `${dice.hex(64)}  orders-1.4.tar.gz`,
      (dice) => `md5: ${dice.hex(32)}`,
      (dice) => `crc32c=${dice.base64(4)}`,
    ],
  },
  {
    kind: 'version',
    puts: [
      (dice) => `express@4.${dice.int(1, 30)}.${dice.int(0, 9)} -> node_modules/express`,
      (dice) => `github.com/acme/orders v0.0.0-2026010${dice.int(1, 9)}120000-${dice.hex(12)}`,
      (dice) => `passport-jwt@4.0.${dice.int(0, 9)} and jsonwebtoken@9.0.${dice.int(0, 9)} were updated`,
      (dice) => `/nix/store/${dice.of('0123456789abcdfghijklmnpqrsvwxyz', 32)}-nodejs-24.${dice.int(0, 9)}.0`,
    ],
  },
  {
    kind: 'metric',
    puts: [
      (dice) => `http_requests_total{service="${dice.word()}",code="500"} ${dice.int(1, 999)}`,
      (dice) => `aws_ecs_service_memory_utilization_average{cluster="staging"} ${dice.int(1, 99)}.5`,
      (dice) => `container_memory_working_set_bytes{id="/kubepods/burstable/pod${dice.uuid()}"} ${dice.digits(9)}`,
      (dice) => `auth_token_refresh_seconds_bucket{le="0.5"} ${dice.int(1, 999)}`,
    ],
  },
  {
    kind: 'host',
    puts: [
      (dice) => `could not resolve db.${dice.word()}.eu-central-1.rds.amazonaws.com`,
      (dice) => `orders.${dice.hex(12)}.ng.0001.euc1.cache.amazonaws.com:6379 is unreachable`,
      (dice) => `dial tcp [fd00::${dice.hex(4)}:${dice.hex(4)}]:5432: connect: connection refused`,
      (dice) => `internal-orders-${dice.digits(10)}.eu-central-1.elb.amazonaws.com`,
    ],
  },
];

function block(label: string, base64: string): string {
  return `-----BEGIN ${label}-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
}
