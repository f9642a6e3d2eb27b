/**
 * Made-up secrets by kind: the text, and the part of it that must be gone. Some are put together here, so that scanners of
 * this repository do not take them for real ones.
 */
export interface Sample {
  readonly kind: string;
  readonly text: string;
  readonly secret: string;
}

const letters = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';
const upper = 'ABCDEFGH234567JK';
const of = (kind: string, text: (secret: string) => string, secret: string): Sample => ({
  kind,
  text: text(secret),
  secret,
});
const said = (secret: string): string => `the key is ${secret}, so it seems`;
const segment = 'eyJzdWIiOiIxMjM0NTY3ODkwIn0';

export const pem = (eol: string): string =>
  [
    '-----BEGIN RSA ' + 'PRIVATE KEY-----',
    'MIIEowIBAAKCAQEA' + letters,
    letters + '==',
    '-----END RSA ' + 'PRIVATE KEY-----',
  ].join(eol);

export const samples: readonly Sample[] = [
  of('aws-access-key', said, `AKIA${upper}`),
  of('aws-access-key', (s) => `{"AccessKeyId":"${s}"}`, `ASIA${upper}`),
  of('aws-session-token', said, `FwoGZXIvYXdz${letters}${letters}//x`),
  of('secret', (s) => `AWS_SECRET_ACCESS_KEY=${s}`, `${letters}`),
  of('secret', (s) => `{"SecretAccessKey": "${s}"}`, `ab/${letters}`),
  of('github-token', said, `ghp_${letters}`),
  of('github-token', (s) => `https://x-access-token:${s}@github.com/acme/x.git`, `ghs_${letters}`),
  of('github-token', said, `github_pat_${letters}_x`),
  of('gitlab-token', said, `glpat-${letters.slice(0, 20)}`),
  of('slack-token', said, `xoxb-123456789012-${letters}`),
  of('slack-webhook', (s) => `https://hooks.slack.com/services/${s}`, `T00000000/B00000000/${letters}`),
  of('stripe-key', said, `sk_live_${letters}`),
  of('google-key', said, `AIza${letters.slice(0, 35)}`),
  of('npm-token', said, `npm_${letters.slice(0, 36)}`),
  of('vault-token', said, `hvs.${letters}`),
  of('api-key', said, `sk-ant-api03-${letters}`),
  of('jwt', said, `eyJhbGciOiJIUzI1NiJ9.${segment}.${letters}`),
  of('bearer-token', (s) => `curl -H x: bearer ${s}`, letters),
  of('authorization', (s) => `Authorization: ${s}\nHost: x`, 'Basic dXNlcjpwYXNzd29yZA=='),
  of('bearer-token', (s) => `{"authorization":"Bearer ${s}"}`, `v1.${letters}`),
  of('cookie', (s) => `set-cookie: ${s}\r\nx: y`, `sid=${letters}; Path=/; HttpOnly`),
  of('url-password', (s) => `postgres://app:${s}@db.example:5432/payments`, 'hunter2'),
  of('url-password', (s) => `redis://:${s}@cache:6379/0`, 's3cr3t!'),
  of('url-password', (s) => `amqp://u:${s}@mq`, 'p@ss'),
  of('url-token', (s) => `https://${s}@forge.example/acme/x`, letters),
  of('signature', (s) => `https://b.example/x?se=2026&sig=${s}`, `${letters}%3D`),
  of('password', (s) => `password=${s} user=x`, 'hunter2'),
  of('password', (s) => `PGPASSWORD=${s}`, 'postgres'),
  of('password', (s) => `Server=db;Pwd=${s};Database=x`, 'hun,ter2'),
  of('password', (s) => `db_password: ${s}`, '12345'),
  of('password', (s) => `"password": "${s}"`, 'correct horse battery'),
  of('password', (s) => `{ password: '${s}', user: 'x' }`, 'it is; here & there'),
  of('password', (s) => `config["password"] = "${s}"`, 'hunter2'),
  of('password', (s) => `if (password === "${s}") return`, 'hunter2'),
  of('password', (s) => `<password>${s}</password>`, 'hunter2'),
  of('password', (s) => `mysqladmin --password ${s} status`, 'hunter2'),
  of('password', (s) => `--db-password=${s} --x`, 'hunter2'),
  of('password', (s) => `SMTP_PASS=${s}`, 'hunter2'),
  of('password', (s) => `{"name":"DB_PASSWORD","value":"${s}"}`, 'hun ter2'),
  of('password', (s) => `- name: DB_PASSWORD\n  value: ${s}\n- name: X`, 'hunter2'),
  of('token', (s) => `GET /x?token=${s}&page=2`, 'abc123def'),
  of('token', (s) => `csrfToken: '${s}'`, letters),
  of('token', (s) => `//registry.example/:_authToken=${s}`, letters),
  of('secret', (s) => `x-api-key: ${s}`, letters),
  of('secret', (s) => `client_secret=${s}`, letters),
  of('secret', (s) => `AccountKey=${s};EndpointSuffix=core`, `${letters}==`),
  // What is taken where a variable is not set.
  of('password', (s) => `const pw = process.env.DB_PASSWORD || '${s}';`, 'maple-12'),
  of('password', (s) => `password: process.env.DB_PASSWORD ?? '${s}',`, 'maple-12'),
  of('password', (s) => `os.environ.get('DB_PASSWORD') or '${s}'`, 'maple-12'),
  of('password', (s) => `variable 'db_password' { default = '${s}' }`, 'maple-12'),
  // Calls that take it.
  of('password', (s) => `ds.setPassword('${s}');`, 'maple-12'),
  of('secret', (s) => `client.withApiKey('${s}')`, 'maple-12'),
  of('password', (s) => `DriverManager.getConnection(url, 'app', '${s}')`, 'maple-12'),
  of('password', (s) => `auth=HTTPBasicAuth('app', '${s}')`, 'maple-12'),
  // What it is wrapped in.
  of('password', (s) => `password = N'${s}'`, 'maple-12'),
  of('password', (s) => `password: ['${s}']`, 'maple-12'),
  of('password', (s) => `<password><![CDATA[${s}]]></password>`, 'maple-12'),
  of('password', (s) => `~ password = '${s}' (sensitive)`, "maple-11' -> 'maple-12"),
  of('password', (s) => `ParameterKey=DBPassword,ParameterValue=${s}`, 'maple-12'),
  of('password', (s) => `- value: ${s}\n  name: DB_PASSWORD`, 'maple-12'),
  of('secret', (s) => `db:\n  user: app\n  pass: ${s}`, 'maple-12'),
  of('password', (s) => `pass_phrase=${s}`, 'maple-12'),
  // Commands and configurations.
  of('password', (s) => `mysql -uroot -p'${s}' -e 'select 1'`, 'maple-12'),
  of('password', (s) => `etcdctl --user root:${s} get /`, 'maple-12'),
  of('password', (s) => `htpasswd -nbB admin ${s}`, 'maple-12'),
  of('password', (s) => `mc alias set s3 http://minio:9000 app ${s}`, 'maple-12'),
  of('password', (s) => `user default on >${s} ~* +@all`, 'maple-12'),
  of('password', (s) => `user admin insecure-password ${s}`, 'maple-12'),
  // Sentences.
  of('token', (s) => `login with user admin and password ${s} failed`, letters),
  of('password', (s) => `Incorrect API key provided: ${s}.`, letters),
  of('password', (s) => `Please use the following password to proceed:\n\n${s}\n`, letters),
  of('unseal-key', (s) => `Unseal Key 1: ${s}`, `${letters}/+x=`),
  // Links.
  of('link-token', (s) => `GET /reset-password/${s} 200`, letters),
  of('webhook', (s) => `https://hooks.zapier.com/hooks/catch/${s}`, '123456/a1b2c3d4'),
  of('secret', (s) => `GET /callback?code=${s}&state=x`, letters),
  // Further issuers.
  of('api-key', said, `pcsk_${letters}`),
  of('api-key', said, `SUA${upper.repeat(4).slice(0, 55)}`),
  of('api-key', said, `K10${'0123456789abcdef'.repeat(4)}::server:${letters}`),
];

/** Look-alikes that must stay as they are. */
export const harmless: readonly string[] = [
  '3f786850e387550fdab836ed7e6dc881de23001b',
  'deployed 3f78685 of acme/payments-api',
  '550e8400-e29b-41d4-a716-446655440000',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/payments-api:1.4.2@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'arn:aws:ecs:eu-west-1:123456789012:task-definition/payments-api:17',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-password-AbCdEf',
  'arn:aws:iam::123456789012:role/token-service',
  '{"name":"DB_PASSWORD","valueFrom":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-password-AbCdEf"}',
  'ghcr.io/acme/payments-api:v1.2.3-rc.1',
  'https://github.com/acme/payments-api/actions/runs/123456789',
  'http://127.0.0.1:8080/health?page=2',
  'https://github.com/@acme/settings',
  'npm install @acme/tokenizer@1.2.3',
  'FATAL: password authentication failed for user "app"',
  'basic authentication is not supported; bearer authentication is',
  'token: expired',
  'invalid token: 3',
  'max_tokens: 512, tokens=17, total_tokens: 529',
  'secretName: db-credentials',
  'tokenFile: /var/run/secrets/token',
  'password: ${DB_PASSWORD}',
  'password: process.env.DB_PASSWORD,',
  'password: string; token?: string',
  'password: "********"',
  'password: null, token: undefined, secret: ""',
  'PWD=/app OLDPWD=/',
  'AKIA is a prefix, ghp_ is another, and so is eyJ.x',
  'monkey: banana, keyboard: qwertz, author: Ada Lovelace',
  'Compass=7 bypass: 8',
  'the process exited with code 137 (OutOfMemoryError: container killed)',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'SELECT pg_blocking_pids(42), query FROM pg_stat_activity WHERE wait_event_type = $1',
  'user:pass@host is how a URL begins',
  'timestamp 1709374272113123456',
  'dd.trace_id=8369117513590863420 dd.span_id=6357773333889317255',
  'Newtonsoft.Json, Version=13.0.0.0, Culture=neutral, PublicKeyToken=30ad4fe6b2a6aeed',
  'Sec-WebSocket-Key: 5cBhIJkV0Ig6ysv84g8Sf4==',
  'DB_PASSWORD=$(cat /run/secrets/db)',
  'secret: !Ref DbSecret',
  'Password: [PROTECTED]',
  'level=warn msg=late secret=prod/orders-db namespace=prod',
  'using secret orders-db-7f9c4h2m5k in namespace prod',
  'password hash algorithm is argon2id',
  'using password authentication with scram-sha-256',
  'Check that the password is URL-encoded',
  'cookie: not set',
  'token_type=Bearer scope=openid',
  'redis: AUTH failed',
  'the token is invalid\nretry 3 of 5',
  'mysql -h db -u root -p',
];
