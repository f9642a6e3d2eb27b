import type { Dice } from './dice.ts';
import type { Planted, WholeFormat } from './specimen.ts';

const planted = (where: string, text: string, secret: string): Planted => ({ where, text, secret });
const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** One text for each of these, each with a password of its own. */
function each(
  kind: string,
  puts: Readonly<Record<string, (password: string) => string>>,
  make = (dice: Dice) => dice.plainPassword(),
): WholeFormat {
  return {
    kind,
    make: (dice) =>
      Object.entries(puts).map(([where, put]) => {
        const password = make(dice);
        return planted(where, put(password), password);
      }),
  };
}

const basic = (password: string): string => b64(`deploy:${password}`);

export const webAccess: readonly WholeFormat[] = [
  {
    kind: 'basic credentials',
    make: (dice) => {
      const [one, two] = [dice.password(), dice.password()];
      return [
        planted(
          'request',
          `> GET /v2/ HTTP/1.1\n> Host: registry.example.com\n> Authorization: Basic ${basic(one)}\n> Accept: */*`,
          basic(one),
        ),
        planted('proxy', `Proxy-Authorization: Basic ${basic(two)}`, basic(two)),
      ];
    },
  },
  {
    kind: 'bearer token',
    make: (dice) => {
      const [one, two, three] = [dice.urlSafe(43), dice.hex(40), dice.base62(32)];
      return [
        planted(
          'request',
          `POST /charge HTTP/1.1\r\nHost: pay\r\nAuthorization: Bearer ${one}\r\nContent-Length: 2\r\n`,
          one,
        ),
        planted('object', `headers: { authorization: 'Bearer ${two}', accept: 'application/json' }`, two),
        planted('gRPC metadata', `metadata: map[authorization:[Bearer ${three}] user-agent:[grpc-go/1.70]]`, three),
      ];
    },
  },
  each(
    'authorization of other schemes',
    {
      token: (value) => `Authorization: token ${value}`,
      Splunk: (value) => `Authorization: Splunk ${value}`,
      ApiKey: (value) => `curl -H "Authorization: ApiKey ${value}" https://search:9200/_cat/indices`,
      SSWS: (value) => `authorization: SSWS ${value}`,
      GenieKey: (value) => `-H "Authorization: GenieKey ${value}"`,
    },
    (dice) => dice.urlSafe(42),
  ),
  each(
    'headers with keys',
    {
      'X-Api-Key': (value) => `x-api-key: ${value}\r\naccept: */*`,
      'PRIVATE-TOKEN': (value) => `curl --header "PRIVATE-TOKEN: ${value}" https://git.example.com/api/v4/projects`,
      'X-Vault-Token': (value) => `X-Vault-Token: ${value}`,
      array: (value) => `request headers [["host","api"],["x-auth-token","${value}"],["accept","*/*"]]`,
      'Ocp-Apim-Subscription-Key': (value) => `Ocp-Apim-Subscription-Key: ${value}`,
    },
    (dice) => dice.base62(36),
  ),
  each(
    'cookies',
    {
      session: (value) => `Cookie: theme=dark; sessionid=${value}; lang=en`,
      'Set-Cookie': (value) => `< Set-Cookie: connect.sid=s%3A${value}; Path=/; HttpOnly; SameSite=Lax`,
      JSESSIONID: (value) => `cookie: JSESSIONID=${value}`,
      PHPSESSID: (value) => `curl -b 'PHPSESSID=${value}' https://shop.example.com/cart`,
    },
    (dice) => dice.base62(40),
  ),
  each(
    'query of a URL',
    {
      access_token: (value) => `GET /v1/me?fields=id&access_token=${value} 200 12ms`,
      api_key: (value) => `https://api.example.com/v1/geo?q=Bern&api_key=${value}`,
      'signed request': (value) =>
        `https://bucket.s3.amazonaws.com/orders.csv?X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=${value}`,
      password: (value) => `GET /login?user=ann&password=${value}&next=%2F HTTP/1.1" 302`,
      code: (value) => `GET /oauth/callback?state=1&client_secret=${value}`,
    },
    (dice) => dice.hex(64),
  ),
  each('body of a form', {
    login: (value) => `username=ann&password=${value}&remember=1`,
    grant: (value) => `grant_type=client_credentials&client_id=orders&client_secret=${value}&scope=read`,
    multipart: (value) => `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${value}\r\n--x--`,
  }),
  each(
    'incoming webhook',
    {
      Slack: (value) =>
        `POST https://hooks.slack.com/services/T0${value.slice(0, 9).toUpperCase()}/B0${value.slice(2, 11).toUpperCase()}/${value}`,
      Discord: (value) => `https://discord.com/api/webhooks/1234567890123456789/${value}${value}`,
    },
    (dice) => dice.base62(24),
  ),
  {
    kind: 'Teams webhook',
    make: (dice) => {
      const secret = dice.hex(32);
      return [
        planted(
          'URL',
          `https://acme.webhook.office.com/webhookb2/${dice.uuid()}@${dice.uuid()}/IncomingWebhook/${secret}/${dice.uuid()}`,
          secret,
        ),
      ];
    },
  },
  {
    kind: 'Sentry DSN with a secret',
    make: (dice) => {
      const secret = dice.hex(32);
      return [planted('setting', `SENTRY_DSN=https://${dice.hex(32)}:${secret}@sentry.example.com/42`, secret)];
    },
  },
  {
    kind: 'Azure',
    make: (dice) => {
      const [account, sas, bus, cosmos] = [
        dice.base64(64),
        encodeURIComponent(dice.base64(32)),
        dice.base64(32),
        dice.base64(64),
      ];
      return [
        planted(
          'storage',
          `DefaultEndpointsProtocol=https;AccountName=orders;AccountKey=${account};EndpointSuffix=core.windows.net`,
          account,
        ),
        planted(
          'shared access signature',
          `https://orders.blob.core.windows.net/in/a.csv?sv=2024-11-04&se=2026-12-31&sr=b&sp=r&sig=${sas}`,
          sas,
        ),
        planted(
          'service bus',
          `Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${bus}`,
          bus,
        ),
        planted('Cosmos DB', `AccountEndpoint=https://orders.documents.azure.com:443/;AccountKey=${cosmos};`, cosmos),
      ];
    },
  },
  {
    kind: 'seed of one-time passwords',
    make: (dice) => {
      const [one, two] = [dice.base32(32), dice.base32(16)];
      return [
        planted('URL', `otpauth://totp/acme:ann@example.com?secret=${one}&issuer=acme`, one),
        planted('setting', `totp_secret: ${two}`, two),
      ];
    },
  },
];

export const files: readonly WholeFormat[] = [
  each('.netrc', {
    file: (value) => `machine git.example.com\n  login deploy\n  password ${value}\n`,
    line: (value) => `machine api.example.com login deploy password ${value}`,
  }),
  each(
    '.npmrc',
    {
      token: (value) => `//registry.example.com/:_authToken=${value}\nalways-auth=true`,
      password: (value) =>
        `//registry.example.com/:username=deploy\n//registry.example.com/:_password=${b64(value)}`.replace(
          b64(value),
          value,
        ),
    },
    (dice) => dice.base62(40),
  ),
  each('.git-credentials', { file: (value) => `https://deploy:${value}@git.example.com\n` }),
  each('my.cnf', { file: (value) => `[client]\nuser=app\npassword=${value}\nhost=db\n` }),
  each(
    'AWS credentials',
    {
      file: (value) =>
        `[default]\naws_access_key_id = AKIA${'Q'.repeat(16)}\naws_secret_access_key = ${value}\nregion = eu-central-1\n`,
    },
    (dice) => dice.base64(30),
  ),
  each('Maven settings', {
    file: (value) =>
      `<servers><server><id>nexus</id><username>deploy</username><password>${value}</password></server></servers>`,
  }),
  each('NuGet configuration', {
    file: (value) =>
      `<packageSourceCredentials><acme><add key="Username" value="ci" /><add key="ClearTextPassword" value="${value}" /></acme></packageSourceCredentials>`,
  }),
  each('Kafka client', {
    file: (value) =>
      `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="${value}";`,
  }),
  each('nested YAML', {
    file: (value) =>
      `spring:\n  datasource:\n    url: jdbc:postgresql://db/orders\n    username: app\n    password: ${value}\n`,
  }),
  each('Ansible inventory', {
    file: (value) => `db1 ansible_host=10.0.0.4 ansible_user=root ansible_ssh_pass=${value}`,
  }),
  each('Terraform state', {
    file: (value) =>
      `{"type": "aws_db_instance", "instances": [{"attributes": {"username": "app", "password": "${value}", "port": 5432}}]}`,
  }),
  each('wireless network', { file: (value) => `network={\n  ssid="office"\n  psk="${value}"\n}` }),
];

export const shells: readonly WholeFormat[] = [
  each('command with a password', {
    curl: (value) => `curl -u deploy:${value} https://api.example.com/v1/orders`,
    mysql: (value) => `mysqldump -h db -u root -p${value} orders`,
    psql: (value) => `PGPASSWORD=${value} psql -h db -U app orders`,
    sshpass: (value) => `sshpass -p ${value} ssh root@10.0.0.4`,
    'redis-cli': (value) => `redis-cli -h cache -a ${value} INFO`,
    docker: (value) => `docker login -u deploy -p ${value} registry.example.com`,
    stdin: (value) => `echo ${value} | docker login -u deploy --password-stdin registry.example.com`,
    ldapsearch: (value) => `ldapsearch -D cn=admin,dc=acme -w ${value} -b dc=acme`,
    openssl: (value) => `openssl rsa -in key.pem -passin pass:${value} -out plain.pem`,
    keytool: (value) => `keytool -list -keystore trust.jks -storepass ${value}`,
    mongosh: (value) => `mongosh --host db -u admin -p ${value} --authenticationDatabase admin`,
    sqlcmd: (value) => `sqlcmd -S db -U sa -P ${value} -Q "select 1"`,
    wget: (value) => `wget --user=deploy --password=${value} https://files.example.com/a.tgz`,
    proxy: (value) => `export HTTPS_PROXY=http://deploy:${value}@proxy.example.com:3128`,
    powershell: (value) => `$p = ConvertTo-SecureString "${value}" -AsPlainText -Force`,
    'net use': (value) => `net use Z: \\\\files\\orders ${value} /user:acme\\deploy`,
  }),
];

export const prose: readonly WholeFormat[] = [
  each('password in a sentence', {
    is: (value) => `The new database password is ${value}, please restart the workers.`,
    to: (value) => `Changed the password of deploy to ${value} because the old one leaked.`,
    colon: (value) => `login for staging - user: admin, pw: ${value}`,
    quoted: (value) => `authentication failed for user "app" with password "${value}"`,
    invalid: (value) => `Invalid credentials: username=app password=${value}`,
    commit: (value) => `Fix the login of the job\n\nIt used password '${value}' of the old cluster.`,
    secret: (value) => `the client secret is: ${value}`,
    token: (value) => `using token ${value} for the deployment`,
  }),
  each('password in another language', {
    German: (value) => `Passwort: ${value}`,
    French: (value) => `mot de passe : ${value}`,
    Spanish: (value) => `contraseña=${value}`,
  }),
  each('dump of an object', {
    Python: (value) => `connecting with {'host': 'db', 'user': 'app', 'password': '${value}', 'port': 5432}`,
    PHP: (value) =>
      `array(2) {\n  ["user"]=>\n  string(3) "app"\n  ["password"]=>\n  string(${value.length}) "${value}"\n}`,
    Elixir: (value) => `%{hostname: "db", password: "${value}", username: "app"}`,
    Rust: (value) => `Config { host: "db", password: "${value}", port: 5432 }`,
    Clojure: (value) => `{:host "db", :password "${value}"}`,
    Kotlin: (value) => `DbConfig(host=db, password=${value})`,
    header: (value) => `Map(user -> app, password -> ${value})`,
  }),
];

const salt = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const hashes: readonly WholeFormat[] = [
  {
    kind: 'hash of a password',
    make: (dice) => {
      const [apache, bcrypt, shadow, django, argon] = [
        dice.of(salt, 22),
        dice.of(salt, 53),
        dice.of(salt, 86),
        dice.base64(32),
        dice.base64(32).replaceAll('=', ''),
      ];
      return [
        planted('.htpasswd', `admin:$apr1$${dice.of(salt, 8)}$${apache}`, apache),
        planted('bcrypt', `admin:$2y$10$${bcrypt}`, bcrypt),
        planted('shadow', `root:$6$${dice.of(salt, 16)}$${shadow}:19700:0:99999:7:::`, shadow),
        planted('Django', `pbkdf2_sha256$600000$${dice.base62(22)}$${django}`, django),
        planted('Argon2', `$argon2id$v=19$m=65536,t=3,p=4$${dice.base64(16).replaceAll('=', '')}$${argon}`, argon),
      ];
    },
  },
];
