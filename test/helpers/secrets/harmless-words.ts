import { capital, type Dice } from './dice.ts';
import type { HarmlessFormat } from './harmless-ids.ts';

const person = (dice: Dice): string => dice.pick(['ann', 'bob', 'carol', 'app', 'deploy', 'reporting', 'orders_rw']);
const shout = (dice: Dice): string => `${dice.word()}_${dice.pick(['db', 'api', 'mq'])}`.toUpperCase();

/** Where secrets are spoken of and none is told. */
export const talk: readonly HarmlessFormat[] = [
  {
    kind: 'failed login',
    puts: [
      (dice) => `FATAL: password authentication failed for user "${person(dice)}"`,
      (dice) => `invalid password for user ${person(dice)}`,
      (dice) => `Access denied for user '${person(dice)}'@'10.0.0.${dice.int(1, 250)}' (using password: YES)`,
      () => 'WRONGPASS invalid username-password pair or user is disabled.',
      () => 'NOAUTH Authentication required.',
      (dice) =>
        `sshd[${dice.digits(4)}]: Failed password for ${person(dice)} from 10.0.0.7 port ${dice.digits(5)} ssh2`,
      () => 'fe_sendauth: no password supplied',
    ],
  },
  {
    kind: 'message about a token',
    puts: [
      (dice) => `token expired ${dice.int(2, 90)} seconds ago`,
      () => 'Unexpected token < in JSON at position 0',
      () => "SyntaxError: Unexpected token '}'",
      () => 'The security token included in the request is invalid.',
      () => 'invalid_grant: refresh token has been revoked',
      () => 'error: the bearer token is missing or malformed',
      (dice) =>
        `TokenExpiredError: jwt expired\n    at verify (/app/node_modules/jsonwebtoken/verify.js:${dice.int(10, 200)}:21)`,
      (dice) => `used ${dice.int(100, 9000)} tokens of ${dice.int(10_000, 90_000)}`,
    ],
  },
  {
    kind: 'message about a secret',
    puts: [
      (dice) => `secret "${dice.word()}-db" not found`,
      (dice) => `MountVolume.SetUp failed for volume "creds": secret "${dice.word()}-tls" not found`,
      () => 'ResourceNotFoundException: Secrets Manager cannot find the specified secret.',
      (dice) => `couldn't find key password in Secret shop/${dice.word()}`,
      () => 'x509: certificate signed by unknown authority',
      () => 'AWS_SECRET_ACCESS_KEY is not set',
      (dice) => `environment variable ${shout(dice)}_PASSWORD must be set`,
      () => 'SignatureDoesNotMatch: check your AWS Secret Access Key and signing method',
    ],
  },
  {
    kind: 'prose',
    puts: [
      (dice) => `Add a field for the password to the ${dice.word()} form`,
      () => 'Passwords are hashed before they are stored.',
      (dice) => `The API key is read from the file of ${dice.word()}, see the guide.`,
      () => 'docs: tell how to rotate the database password',
      () => 'Ask the user for a password and check the token.',
      (dice) => `Rename authToken to sessionId in ${dice.word()}.ts`,
      () => 'A secret is a thing that nobody knows; a key opens a door.',
      () => 'feat(auth): basic authorization and bearer tokens for the gateway',
    ],
  },
  {
    kind: 'placeholder',
    puts: [
      (dice) => `password: \${${shout(dice)}_PASSWORD}`,
      (dice) => `DB_PASSWORD=$${shout(dice)}_PASS`,
      () => 'Authorization: Bearer <token>',
      () => 'password=****',
      (dice) => `${shout(dice)}_TOKEN: ***`,
      (dice) => `password: {{ .Values.${dice.word()}.password }}`,
      (dice) => `token: \${{ secrets.${shout(dice)}_TOKEN }}`,
      () => 'postgres://app:<password>@db:5432/orders',
      (dice) => `postgres://app:\${${shout(dice)}_PASSWORD}@db:5432/orders`,
      () => 'api_key: YOUR_API_KEY',
      () => 'password = "<your password>"',
      () => 'secret: [redacted]',
      () => '"password": "[REDACTED]"',
      () => 'password = (sensitive value)',
      (dice) => `password: "%${shout(dice)}_PASSWORD%"`,
      () => 'redis://:xxxxx@cache:6379/0',
      () => 'mysql -u root -p"$MYSQL_ROOT_PASSWORD" -e "select 1"',
      () => 'curl -H "Authorization: Bearer $TOKEN" https://api.example.com',
    ],
  },
  {
    kind: 'template of a log',
    puts: [
      () => 'login of user <*> failed: bad password <*>',
      (dice) => `token <*> of session <*> expired in ${dice.word()}`,
      () => 'connecting to postgres://<*>:<*>@<*>:<num>/<*>',
      () => 'Authorization header {} could not be parsed',
      () => 'password reset mail sent to %s',
    ],
  },
  {
    kind: 'empty value',
    puts: [
      () => 'password=\nuser=app\n',
      () => '{"password":null,"token":"","user":"app"}',
      () => 'password: ""\ntoken: null\n',
      () => 'DB_PASSWORD=\nDB_HOST=db\n',
      () => 'secret: undefined',
    ],
  },
  {
    kind: 'key without a value',
    puts: [
      (dice) => `missing keys: ${shout(dice)}_PASSWORD, ${shout(dice)}_TOKEN`,
      () => 'required: [username, password, apiKey]',
      () => 'properties password, token and secret are not allowed here',
      (dice) => `the column users.password_hash is not in ${dice.word()}`,
      () => '["DB_PASSWORD","API_KEY"]',
    ],
  },
];

/** Names that speak of secrets, with values that are none. */
export const settings: readonly HarmlessFormat[] = [
  {
    kind: 'number or switch',
    puts: [
      (dice) => `max_tokens: ${dice.int(100, 9000)}`,
      (dice) => `password_min_length=${dice.int(8, 16)}`,
      (dice) => `tokenExpirationSeconds: ${dice.int(600, 9000)}`,
      () => 'automountServiceAccountToken: false',
      () => 'PasswordAuthentication no',
      () => 'require_password: true',
      (dice) => `"inputTokens": ${dice.int(1, 9999)}, "outputTokens": ${dice.int(1, 999)}`,
      () => 'hasPassword=false',
      (dice) => `key_id=${dice.int(1, 99)} partition_key=${dice.int(1, 999)}`,
    ],
  },
  {
    kind: 'where a secret is kept',
    puts: [
      (dice) => `POSTGRES_PASSWORD_FILE=/run/secrets/${dice.word()}-db`,
      (dice) => `      valueFrom:\n        secretKeyRef:\n          name: ${dice.word()}-db\n          key: password\n`,
      (dice) => `secretName: ${dice.word()}-tls`,
      (dice) => `imagePullSecrets:\n- name: ${dice.word()}-registry\n`,
      (dice) => `"valueFrom": "arn:aws:ssm:eu-central-1:${dice.digits(12)}:parameter/orders/password"`,
      (dice) => `ssl_certificate_key /etc/nginx/${dice.word()}.key;`,
      (dice) => `--service-account-private-key-file=/etc/kubernetes/pki/${dice.word()}.key`,
      (dice) => `password: vault:secret/data/${dice.word()}#password`,
      (dice) => `passwordSecretRef: {name: ${dice.word()}-db, key: password}`,
    ],
  },
  {
    kind: 'address or kind of authorization',
    puts: [
      (dice) => `token_endpoint: https://login.example.com/${dice.word()}/oauth2/token`,
      () => '"authorization_endpoint":"https://login.example.com/authorize"',
      () => 'WWW-Authenticate: Bearer realm="api", error="invalid_token"',
      () => 'WWW-Authenticate: Basic realm="registry"',
      () => 'auth_method=scram-sha-256',
      () => 'token_type=Bearer',
      () => 'password_encryption = scram-sha-256',
      (dice) => `GET /oauth/token 200 ${dice.int(1, 90)}ms`,
      (dice) => `POST /users/${dice.digits(6)}/password-reset 202`,
    ],
  },
  {
    kind: 'date',
    puts: [
      (dice) => `password_changed_at: 2026-0${dice.int(1, 9)}-12T08:00:00Z`,
      (dice) => `"tokenExpiresAt":"2026-0${dice.int(1, 9)}-12T08:00:00Z"`,
      (dice) => `secret_last_rotated=2025-1${dice.int(0, 2)}-01`,
    ],
  },
  {
    kind: 'mark of a page',
    puts: [
      (dice) => `{"items":[],"nextPageToken":"${b64({ after: dice.int(1, 9999) })}"}`,
      (dice) => `"continue":"${b64({ v: 'meta.k8s.io/v1', rv: dice.int(1000, 9999), start: `${dice.word()}\0` })}"`,
    ],
  },
  {
    kind: 'map of keys',
    puts: [
      (dice) => `primary key (id), foreign key (${dice.word()}_id)`,
      (dice) => `cache key orders:${dice.word()}:${dice.digits(6)} was evicted`,
      (dice) => `s3 key=in/2026/01/${dice.word()}-${dice.digits(8)}.csv`,
      (dice) => `routing_key=orders.${dice.word()}.created`,
      () => 'duplicate key value violates unique constraint "orders_pkey"',
      (dice) => `Key: ${dice.word()}.json, Size: ${dice.digits(6)}`,
      (dice) => `partitionKey: ${dice.word()}`,
      (dice) => `sort key ${dice.word()}#${dice.digits(5)}`,
    ],
  },
];

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64');

export const programs: readonly HarmlessFormat[] = [
  {
    kind: 'stack frame',
    puts: [
      (dice) => `    at PasswordService.check (/app/src/password-service.js:${dice.int(1, 300)}:${dice.int(1, 60)})`,
      (dice) => `\tat com.acme.orders.auth.TokenFilter.doFilter(TokenFilter.java:${dice.int(1, 300)})`,
      (dice) => `  File "/app/orders/secrets.py", line ${dice.int(1, 300)}, in load_secret`,
      (dice) =>
        `goroutine ${dice.int(1, 300)} [running]:\nmain.(*TokenStore).Get(0xc000${dice.hex(6)})\n\t/src/token.go:41 +0x${dice.hex(3)}`,
      (dice) => `#4 0x0000${dice.hex(12)} in SecretKeyFactory_init () from /usr/lib/libcrypto.so.3`,
    ],
  },
  {
    kind: 'code',
    puts: [
      () => "const password = process.env['DB_PASSWORD'];",
      () => "password = os.environ['DB_PASSWORD']",
      () => 'String token = request.getHeader("Authorization");',
      () => 'token := r.Header.Get("X-Api-Key")',
      (dice) => `if (!user.checkPassword(password)) throw new ${capital(dice.word())}Error('bad password');`,
      () => 'export function verifyToken(token: string): Promise<Claims> {',
      () => 'private readonly secret: string;',
      () => 'password: string;',
      (dice) => `import { hashPassword } from './${dice.word()}/password.ts';`,
      () => 'const { token, secret } = await credentials();',
      () => '  password: config.database.password,',
      () => 'conn = connect(user=user, password=password, host=host)',
      () => 'this.apiKey = apiKey;',
      () => 'var token = await GetTokenAsync(cancellationToken);',
    ],
  },
  {
    kind: 'SQL',
    puts: [
      (dice) => `SELECT id, password_hash FROM users WHERE email = $1 AND tenant = '${dice.word()}'`,
      () => 'UPDATE users SET password = $1, token = $2 WHERE id = $3',
      () => 'CREATE TABLE users (id bigint PRIMARY KEY, password text NOT NULL, api_key text)',
      () => 'ALTER TABLE sessions ADD COLUMN token varchar(64)',
      (dice) => `SELECT count(*) FROM orders WHERE key = '${dice.word()}'`,
      () => 'SELECT pg_terminate_backend(4711) -- idle in transaction',
    ],
  },
  {
    kind: 'path',
    puts: [
      (dice) => `/etc/secrets/${dice.word()}/password`,
      () => '/var/run/secrets/kubernetes.io/serviceaccount/token',
      (dice) => `src/auth/token/${dice.word()}.test.ts | 12 ++--`,
      (dice) => `open /home/${dice.word()}/.aws/credentials: no such file or directory`,
      (dice) => `PGPASSFILE=/home/${dice.word()}/.pgpass`,
      (dice) => `C:\\Users\\${dice.word()}\\AppData\\Local\\Temp\\token-cache.bin`,
    ],
  },
  {
    kind: 'command without a secret',
    puts: [
      (dice) => `psql -h db -p ${dice.int(1000, 9999)} -U app -w orders`,
      (dice) => `docker run -p ${dice.int(1000, 9999)}:80 -u 1000 acme/${dice.word()}`,
      (dice) => `mkdir -p /var/lib/${dice.word()}/data`,
      (dice) => `ssh -p ${dice.int(1000, 9999)} deploy@${dice.word()}.example.com`,
      (dice) => `kubectl get secret ${dice.word()}-db -o yaml`,
      () => 'vault kv get -field=password secret/orders',
      () => 'docker login --username deploy --password-stdin registry.example.com',
      (dice) => `curl -u deploy https://${dice.word()}.example.com`,
      (dice) => `redis-cli -h ${dice.word()} -p 6379 INFO`,
    ],
  },
  {
    kind: 'URL',
    puts: [
      (dice) => `https://${dice.word()}.example.com:8443/orders?page=${dice.int(1, 9)}&sort=desc`,
      (dice) => `postgres://db.internal:5432/${dice.word()}?sslmode=require`,
      (dice) => `postgres://app@db.internal:5432/${dice.word()}`,
      (dice) => `git@git.example.com:acme/${dice.word()}.git`,
      (dice) => `http://10.0.${dice.int(0, 9)}.7:8080/healthz`,
      (dice) => `https://git.example.com/acme/${dice.word()}/commit/${dice.hex(40)}`,
      (dice) => `amqp://mq:5672/${dice.word()}`,
      (dice) => `jdbc:postgresql://db:5432/${dice.word()}?ssl=true`,
    ],
  },
  {
    kind: 'time and place in a log',
    puts: [
      (dice) =>
        `2026-01-0${dice.int(1, 9)}T08:${dice.int(10, 59)}:12.345Z INFO [http-nio-8080-exec-${dice.int(1, 9)}] c.a.orders.PaymentController : charged ${dice.digits(4)}`,
      (dice) =>
        `10.0.0.${dice.int(1, 250)} - - [02/Jan/2026:08:00:01 +0000] "GET /cart HTTP/1.1" 200 ${dice.digits(4)} "-" "Mozilla/5.0"`,
      (dice) =>
        `level=error ts=2026-01-01T00:00:00Z caller=main.go:${dice.int(1, 300)} msg="batch failed" batch=${dice.int(1, 999)}`,
      (dice) => `I0101 00:00:00.000000 1 controller.go:${dice.int(1, 300)}] syncing ${dice.word()}`,
      (dice) =>
        `REPORT RequestId: ${dice.uuid()}\tDuration: ${dice.int(10, 999)}.12 ms\tMax Memory Used: ${dice.int(60, 127)} MB`,
    ],
  },
  {
    kind: 'mail and people',
    puts: [
      (dice) => `Co-authored-by: ${capital(dice.word())} <${dice.word()}@example.com>`,
      (dice) => `assigned to @${dice.word()}-${dice.word()}`,
      (dice) => `sent to ${dice.word()}.${dice.word()}@mail.example.com`,
    ],
  },
  {
    kind: 'key of another kind in JSON',
    puts: [
      (dice) => JSON.stringify({ key: 'memory', value: String(dice.int(128, 4096)) }),
      (dice) => JSON.stringify({ name: 'PORT', value: String(dice.int(1000, 9999)) }),
      (dice) =>
        JSON.stringify({
          author: capital(dice.word()),
          authority: 'login.example.com',
          passes: dice.int(1, 9),
          passed: true,
        }),
      (dice) => JSON.stringify({ compass: dice.word(), bypass: 'none', monkey: dice.word(), tokenizer: 'cl100k' }),
      (dice) =>
        JSON.stringify({ keyboard: dice.word(), keyspace: `${dice.word()}_v2`, secretary: capital(dice.word()) }),
    ],
  },
  {
    kind: 'Kubernetes object',
    puts: [
      (dice) =>
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${dice.word()}\n  resourceVersion: "${dice.digits(6)}"\ndata:\n  LOG_LEVEL: info\n`,
      (dice) => `serviceAccountName: ${dice.word()}\nsecurityContext:\n  runAsNonRoot: true\n`,
      (dice) => `checksum/config: ${dice.hex(64)}`,
      (dice) =>
        `Warning  BackOff  kubelet  Back-off restarting failed container ${dice.word()} in pod ${dice.word()}-${dice.hex(9)}-x2k4q`,
      (dice) => `kind: Secret\nmetadata:\n  name: ${dice.word()}\ntype: Opaque\n`,
    ],
  },
  {
    kind: 'report of this operator',
    puts: [
      (dice) => `threehops/broken-${dice.hex(8)}`,
      (dice) => `Threehops-Change: ${dice.hex(32)}\nThreehops-Session: shop/${dice.word()}\n`,
      (dice) => `aws-ecs.update-task-definition at ${dice.word()}/ecs: memory 512 -> 1024`,
      (dice) => `kept as evidence ${dice.hex(16)} (image/png, ${dice.int(3, 90)} KiB)`,
      (dice) => `${dice.word()}/db:postgres.BlockedQueries:${dice.digits(5)}`,
      (dice) => `prediction: no postgres.Blocked: Fail, ${dice.int(2, 40)} queries wait for pid ${dice.digits(5)}`,
    ],
  },
];
