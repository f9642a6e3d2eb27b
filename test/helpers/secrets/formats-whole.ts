import type { Dice } from './dice.ts';
import type { Planted, WholeFormat } from './specimen.ts';

const planted = (where: string, text: string, secret: string, lines?: readonly string[]): Planted => ({
  where,
  text,
  secret,
  ...(lines === undefined ? {} : { lines }),
});
const b64 = (text: string): string => Buffer.from(text).toString('base64');

function url(kind: string, scheme: string, rest: string): WholeFormat {
  return {
    kind,
    make: (dice) => {
      const [plain, encoded, human] = [dice.plainPassword(), dice.base62(12), dice.plainPassword()];
      return [
        planted('setting', `DATABASE_URL=${scheme}://app:${plain}@db.internal:${dice.int(1025, 9999)}${rest}`, plain),
        planted('error', `could not connect to ${scheme}://orders:${human}@10.0.3.7${rest}: connection refused`, human),
        planted('JSON', JSON.stringify({ primary: `${scheme}://svc_orders:${encoded}%21x@db-1${rest}` }), encoded),
      ];
    },
  };
}

export const databases: readonly WholeFormat[] = [
  url('PostgreSQL URL', 'postgres', '/orders?sslmode=require'),
  url('PostgreSQL URL of SQLAlchemy', 'postgresql+psycopg2', '/orders'),
  url('MySQL URL', 'mysql', '/orders'),
  url('MongoDB URL', 'mongodb+srv', '/orders?retryWrites=true'),
  url('AMQP URL', 'amqps', '/vhost'),
  url('mail URL', 'smtps', ''),
  url('web URL', 'https', '/repository/maven'),
  url('FTP URL', 'sftp', '/in'),
  {
    kind: 'Redis URL',
    make: (dice) => {
      const [one, two] = [dice.plainPassword(), dice.plainPassword()];
      return [
        planted('without a user', `REDIS_URL=redis://:${one}@cache.internal:6379/0`, one),
        planted('error', `Error: connect ECONNREFUSED rediss://default:${two}@cache:6380`, two),
      ];
    },
  },
  {
    kind: 'URL with signs in its password',
    make: (dice) => {
      const [one, two] = [
        `${dice.word()}@${dice.word()}#${dice.int(10, 99)}`,
        `${dice.word()}/${dice.base62(6)}:${dice.int(10, 99)}`,
      ];
      return [
        planted('with @', `url: postgres://app:${one}@db.internal:5432/orders`, one),
        planted('with / and :', `connecting to amqp://app:${two}@mq:5672/ failed`, two),
      ];
    },
  },
  {
    kind: 'JDBC URL',
    make: (dice) => {
      const [one, two, three] = [dice.plainPassword(), dice.plainPassword(), dice.plainPassword()];
      return [
        planted('query', `jdbc:postgresql://db:5432/orders?user=app&password=${one}&ssl=true`, one),
        planted(
          'semicolons',
          `jdbc:sqlserver://db:1433;databaseName=orders;user=app;password=${two};encrypt=true`,
          two,
        ),
        planted('Oracle', `url=jdbc:oracle:thin:scott/${three}@//db:1521/orders`, three),
      ];
    },
  },
  {
    kind: '.pgpass',
    make: (dice) => {
      const one = dice.plainPassword();
      return [planted('file', `# host:port:database:user:password\ndb.internal:5432:orders:app:${one}\n`, one)];
    },
  },
  {
    kind: 'libpq keywords',
    make: (dice) => {
      const [one, two] = [dice.plainPassword(), dice.humanPassword()];
      return [
        planted(
          'setting',
          `DSN="host=db.internal port=5432 user=app password=${one} dbname=orders sslmode=disable"`,
          one,
        ),
        planted('quoted', `connection to server failed: host=db user=app password='${two}' dbname=orders`, two),
      ];
    },
  },
  {
    kind: 'ODBC connection string',
    make: (dice) => {
      const [one, two] = [dice.plainPassword(), dice.plainPassword()];
      return [
        planted(
          'Pwd',
          `Driver={ODBC Driver 18 for SQL Server};Server=tcp:db,1433;Uid=app;Pwd=${one};Encrypt=yes;`,
          one,
        ),
        planted(
          '.NET',
          `"Default": "Server=db;Database=orders;User Id=app;Password=${two};TrustServerCertificate=True"`,
          two,
        ),
      ];
    },
  },
  {
    kind: 'Go MySQL DSN',
    make: (dice) => {
      const one = dice.plainPassword();
      return [planted('setting', `MYSQL_DSN=app:${one}@tcp(db.internal:3306)/orders?parseTime=true`, one)];
    },
  },
  {
    kind: 'SQL',
    make: (dice) => {
      const [one, two, three, four, five] = [
        dice.plainPassword(),
        dice.plainPassword(),
        dice.plainPassword(),
        dice.plainPassword(),
        dice.plainPassword(),
      ];
      return [
        planted('ALTER USER', `ALTER USER app WITH PASSWORD '${one}';`, one),
        planted(
          'CREATE ROLE',
          `statement: CREATE ROLE reporting LOGIN ENCRYPTED PASSWORD '${two}' VALID UNTIL 'infinity'`,
          two,
        ),
        planted('IDENTIFIED BY', `Query: CREATE USER 'app'@'%' IDENTIFIED BY '${three}'`, three),
        planted(
          'subscription',
          `CREATE SUBSCRIPTION s CONNECTION 'host=db user=repl password=${four}' PUBLICATION p`,
          four,
        ),
        planted('INSERT', `INSERT INTO users (email, password) VALUES ('ann@example.com', '${five}')`, five),
      ];
    },
  },
  {
    kind: 'SQL that compares',
    make: (dice) => {
      const one = dice.plainPassword();
      return [planted('WHERE', `SELECT id FROM users WHERE email = 'ann@example.com' AND password = '${one}'`, one)];
    },
  },
  {
    kind: 'Redis commands',
    make: (dice) => {
      const [one, two, three] = [dice.plainPassword(), dice.plainPassword(), dice.plainPassword()];
      return [
        planted('MONITOR', `1767225600.123456 [0 10.0.0.7:5122] "AUTH" "default" "${one}"`, one),
        planted('configuration', `maxmemory 64mb\nrequirepass ${two}\nappendonly no\n`, two),
        planted('CONFIG SET', `redis-cli CONFIG SET masterauth ${three}`, three),
      ];
    },
  },
];

const ends = (label: string): readonly [string, string] => [`-----BEGIN ${label}-----`, `-----END ${label}-----`];

/** @param start the bytes that it begins with, as its encoding wants them */
export function pem(
  dice: Dice,
  label: string,
  bytes: number,
  start: Buffer = Buffer.from([0x30, 0x82, 0x04, 0xa4]),
): Planted {
  const body = Buffer.concat([start, dice.bytes(bytes)]).toString('base64');
  const lines = body.match(/.{1,64}/g) ?? [];
  const [begin, end] = ends(label);
  return planted('file', `${begin}\n${lines.join('\n')}\n${end}\n`, body, lines);
}

const key = ['PRIVATE', 'KEY'].join(' ');
const openssh = Buffer.from('openssh-key-v1\0\0\0\0\u0004none');

function pemFormat(kind: string, label: string, bytes: number, start?: Buffer): WholeFormat {
  return {
    kind,
    make: (dice) => {
      const [one, two] = [pem(dice, label, bytes, start), pem(dice, label, bytes, start)];
      return [
        one,
        planted(
          'one line with \\n',
          `TLS_KEY="${two.text.trim().replaceAll('\n', String.raw`\n`)}"`,
          two.secret,
          two.lines,
        ),
      ];
    },
  };
}

export const keys: readonly WholeFormat[] = [
  pemFormat('RSA private key', `RSA ${key}`, 1190),
  pemFormat('PKCS#8 private key', key, 1214),
  pemFormat('EC private key', `EC ${key}`, 117, Buffer.from([0x30, 0x77, 0x02, 0x01])),
  pemFormat('encrypted private key', `ENCRYPTED ${key}`, 1290),
  pemFormat('OpenSSH private key', `OPENSSH ${key}`, 380, openssh),
  pemFormat('DSA private key', `DSA ${key}`, 448),
  {
    kind: 'PGP private key',
    make: (dice) => {
      const block = pem(dice, `PGP ${key} BLOCK`, 900, Buffer.from([0x95, 0x03, 0x98, 0x04]));
      return [planted('file', block.text.replace('\n', '\nVersion: GnuPG v2\n\n'), block.secret, block.lines)];
    },
  },
  {
    kind: 'PuTTY private key',
    make: (dice) => {
      const secret = dice.base64(36);
      const lines = [
        'PuTTY-User-Key-File-3: ssh-ed25519',
        'Encryption: none',
        'Comment: deploy',
        'Public-Lines: 2',
        dice.base64(48),
        dice.base64(3),
        'Private-Lines: 1',
        secret,
        `Private-MAC: ${dice.hex(64)}`,
      ];
      return [planted('file', `${lines.join('\n')}\n`, secret)];
    },
  },
  {
    kind: 'WireGuard private key',
    make: (dice) => {
      const secret = dice.base64(32);
      return [
        planted(
          'file',
          `[Interface]\nAddress = 10.8.0.2/24\nPrivateKey = ${secret}\n\n[Peer]\nAllowedIPs = 0.0.0.0/0\n`,
          secret,
        ),
      ];
    },
  },
  {
    kind: 'private JSON web key',
    make: (dice) => {
      const secret = dice.urlSafe(43);
      return [
        planted(
          'JSON',
          JSON.stringify({ kty: 'EC', crv: 'P-256', x: dice.urlSafe(43), y: dice.urlSafe(43), d: secret, kid: '1' }),
          secret,
        ),
      ];
    },
  },
  {
    kind: 'Google service account',
    make: (dice) => {
      const { text, secret, lines } = pem(dice, key, 1214);
      const account = {
        type: 'service_account',
        project_id: 'acme',
        private_key_id: dice.hex(40),
        private_key: text,
        client_email: 'orders@acme.iam.gserviceaccount.com',
      };
      return [planted('file', JSON.stringify(account, null, 2), secret, lines)];
    },
  },
];

export const kubernetes: readonly WholeFormat[] = [
  {
    kind: 'Kubernetes Secret',
    make: (dice) => {
      const [one, two, three] = [dice.password(), dice.password(), dice.machinePassword()];
      const head = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders-db\ntype: Opaque\n';
      const applied = {
        apiVersion: 'v1',
        data: { host: b64('db.internal'), passcode: b64(three) },
        kind: 'Secret',
        metadata: { name: 'orders-db' },
      };
      return [
        planted('data', `${head}data:\n  username: ${b64('app')}\n  password: ${b64(one)}\n`, b64(one)),
        planted('stringData', `${head}stringData:\n  db: ${two}\n`, two),
        planted(
          'last applied',
          `metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      ${JSON.stringify(applied)}\n`,
          b64(three),
        ),
      ];
    },
  },
  {
    kind: 'Secret of a registry',
    make: (dice) => {
      const password = dice.plainPassword();
      const auth = b64(`deploy:${password}`);
      const config = JSON.stringify({ auths: { 'registry.example.com': { auth } } });
      return [
        planted('file', config, auth),
        planted(
          'manifest',
          `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: ${b64(config)}\n`,
          b64(config),
        ),
      ];
    },
  },
  {
    kind: 'kubeconfig',
    make: (dice) => {
      const data = b64(pem(dice, `RSA ${key}`, 600).text);
      const token = dice.urlSafe(64);
      const head = 'apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n';
      return [
        planted('client key', `${head}    client-key-data: ${data}\n`, data),
        planted('token', `${head}    token: ${token}\n`, token),
      ];
    },
  },
  {
    kind: 'kubectl create secret',
    make: (dice) => {
      const one = dice.plainPassword();
      return [
        planted(
          'shell',
          `kubectl create secret generic orders-db --from-literal=user=app --from-literal=password=${one}`,
          one,
        ),
      ];
    },
  },
];
