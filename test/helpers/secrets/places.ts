import type { Dice } from './dice.ts';

export interface Place {
  readonly where: string;
  /** The text; where the place spells the value in another way, its spelling is to be asked of `spell`. */
  readonly put: (name: string, value: string, dice: Dice) => string;
  readonly spell?: (value: string) => string;
}

const at = (dice: Dice): string =>
  `2026-0${dice.int(1, 9)}-1${dice.int(0, 9)}T0${dice.int(0, 9)}:${dice.int(10, 59)}:${dice.int(10, 59)}.${dice.digits(3)}Z`;
const camel = (name: string): string =>
  name.toLowerCase().replaceAll(/[-_.](\w)/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replaceAll(/[-.]/g, '_');
const kebab = (name: string): string => name.toLowerCase().replaceAll(/[_.]/g, '-');
const xml = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Where a value stands that its name gives away. */
export const namedPlaces: readonly Place[] = [
  { where: 'environment file', put: (name, value) => `LOG_LEVEL=info\n${snake(name)}=${value}\nPORT=8080\n` },
  { where: 'export', put: (name, value) => `export ${snake(name)}='${value}'` },
  {
    where: 'environment dump',
    put: (name, value, dice) => `HOME=/root HOSTNAME=${dice.word()}-0 ${snake(name)}=${value} PATH=/usr/bin:/bin`,
  },
  { where: 'YAML', put: (name, value) => `service:\n  name: orders\n  ${name}: ${value}\n  replicas: 2\n` },
  { where: 'quoted YAML', put: (name, value) => `config:\n    ${name}: "${value}"\n` },
  { where: 'JSON', put: (name, value) => JSON.stringify({ name: 'orders', [name]: value, retries: 3 }) },
  {
    where: 'pretty JSON',
    put: (name, value) => JSON.stringify({ database: { host: 'db.internal', [name]: value } }, null, 2),
  },
  { where: 'TOML', put: (name, value) => `[orders]\nhost = "db.internal"\n${name} = "${value}"\n` },
  {
    where: 'properties',
    put: (name, value) => `orders.url=http://orders:8080\norders.${name}=${value}\norders.retries=3\n`,
  },
  { where: 'INI', put: (name, value) => `[orders]\nuser = app\n${name} = ${value}\n; end\n` },
  {
    where: 'XML element',
    put: (name, value) => `<server><id>orders</id><${camel(name)}>${xml(value)}</${camel(name)}></server>`,
    spell: xml,
  },
  { where: 'XML attribute', put: (name, value) => `<add key="${name}" value="${xml(value)}" />`, spell: xml },
  {
    where: 'flag with =',
    put: (name, value) => `+ /usr/local/bin/orders --port=8080 --${kebab(name)}=${value} --verbose`,
  },
  { where: 'flag with a blank', put: (name, value) => `orders --${kebab(name)} '${value}' --listen :8080` },
  { where: 'shell', put: (name, value) => `${snake(name)}='${value}' npm run migrate` },
  {
    where: 'container flag',
    put: (name, value) => `docker run -d -e ${snake(name)}='${value}' -p 80:80 acme/orders:1.4`,
  },
  { where: 'Dockerfile', put: (name, value) => `FROM node:24\nENV ${snake(name)}=${value}\nCMD ["node", "main.js"]` },
  {
    where: 'container description',
    put: (name, value) =>
      JSON.stringify([{ Id: 'orders', Config: { Env: ['PATH=/bin', `${snake(name)}=${value}`] } }], null, 4),
  },
  {
    where: 'Pod',
    put: (name, value) =>
      `    env:\n    - name: ${snake(name)}\n      value: ${JSON.stringify(value)}\n    - name: PORT\n      value: "8080"\n`,
  },
  {
    where: 'task definition',
    put: (name, value) =>
      JSON.stringify({
        environment: [
          { name: 'PORT', value: '8080' },
          { name: snake(name), value },
        ],
      }),
  },
  {
    where: 'task definition, value first',
    put: (name, value) => JSON.stringify({ environment: [{ value, name: snake(name) }] }),
  },
  {
    where: 'function configuration',
    put: (name, value) =>
      JSON.stringify({ FunctionName: 'orders', Environment: { Variables: { [snake(name)]: value } } }),
  },
  {
    where: 'difference of two revisions',
    put: (name, value) =>
      JSON.stringify({
        variables: [
          { name: snake(name), from: value, to: null },
          { name: 'PORT', from: '80', to: '8080' },
        ],
      }),
  },
  {
    where: 'Terraform plan',
    put: (name, value) =>
      `  ~ resource "acme_service" "orders" {\n      ~ ${snake(name).toLowerCase()} = "${value}"\n        port = 8080\n    }`,
  },
  { where: 'Terraform change', put: (name, value) => `      - ${snake(name).toLowerCase()}   = "${value}" -> null` },
  {
    where: 'CI log',
    put: (name, value, dice) =>
      `${at(dice)} ##[group]Run npm test\n${at(dice)} env:\n${at(dice)}   ${snake(name)}: ${value}\n${at(dice)} ##[endgroup]`,
  },
  {
    where: 'Helm',
    put: (name, value) => `helm upgrade orders ./chart --set image.tag=1.4 --set orders.${camel(name)}=${value}`,
  },
  { where: 'JavaScript', put: (name, value) => `const ${camel(snake(name))} = '${value}';\nconnect(options);` },
  { where: 'TypeScript object', put: (name, value) => `  ${camel(snake(name))}: '${value}',` },
  { where: 'Python', put: (name, value) => `    ${snake(name).toLowerCase()} = "${value}"  # TODO move` },
  {
    where: 'Python dictionary',
    put: (name, value) => `settings = {'host': 'db', '${snake(name)}': '${value}', 'port': 5432}`,
  },
  { where: 'Go', put: (name, value) => `\tcfg.${camel(snake(name))} := "${value}"` },
  { where: 'Java', put: (name, value) => `    private static final String ${snake(name).toUpperCase()} = "${value}";` },
  { where: 'C#', put: (name, value) => `        public string ${camel(snake(name))} { get; set; } = "${value}";` },
  { where: 'Ruby', put: (name, value) => `  config[:${snake(name).toLowerCase()}] = '${value}'` },
  { where: 'Ruby hash', put: (name, value) => `Parameters: {:host=>"db", :${snake(name).toLowerCase()}=>"${value}"}` },
  { where: 'PHP', put: (name, value) => `define('${snake(name).toUpperCase()}', '${value}');` },
  { where: 'PHP array', put: (name, value) => `    '${snake(name).toLowerCase()}' => '${value}',` },
  { where: 'preprocessor', put: (name, value) => `#define ${snake(name).toUpperCase()} "${value}"` },
  {
    where: 'Java object',
    put: (name, value) => `Using OrdersConfig(host=db, user=app, ${camel(snake(name))}=${value}, port=5432)`,
  },
  { where: 'Go struct', put: (name, value) => `config: &{Host:db User:app ${camel(snake(name))}:${value} Port:5432}` },
  {
    where: 'log line',
    put: (name, value, dice) =>
      `${at(dice)} ERROR [pool-2] could not connect host=db.internal user=app ${snake(name)}=${value} timeout=5s`,
  },
  {
    where: 'structured log',
    put: (name, value, dice) =>
      JSON.stringify({ ts: at(dice), level: 'debug', msg: 'configuration', fields: { [name]: value, pool: 5 } }),
  },
  {
    where: 'logfmt',
    put: (name, value, dice) => `ts=${at(dice)} level=info msg="starting" ${snake(name)}="${value}" port=8080`,
  },
  {
    where: 'stack trace',
    put: (name, value) =>
      `Error: bad configuration: ${name}: ${value}\n    at load (/app/src/config.js:12:9)\n    at main (/app/main.js:3:1)`,
  },
  {
    where: 'diff',
    put: (name, value) =>
      `@@ -1,3 +1,3 @@\n host: db\n-${name}: ${value}\n+${name}: \${${snake(name).toUpperCase()}}\n`,
  },
  {
    where: 'systemd',
    put: (name, value) => `[Service]\nEnvironment="${snake(name)}=${value}"\nExecStart=/usr/bin/orders`,
  },
  { where: 'PowerShell', put: (name, value) => `$${camel(snake(name))} = "${value}"\nStart-Service orders` },
  { where: 'batch file', put: (name, value) => `set ${snake(name)}=${value}\r\norders.exe` },
  { where: 'nothing else', put: (name, value) => `${name}: ${value}` },
];

/** Where a token stands that tells by itself what it is. */
export const barePlaces: readonly Place[] = [
  { where: 'nothing else', put: (_, value) => value },
  { where: 'a sentence', put: (_, value) => `The job ran with ${value} and was turned away.` },
  { where: 'quotes', put: (_, value) => `rejected "${value}" (401)` },
  {
    where: 'log line',
    put: (_, value, dice) => `${at(dice)} WARN [http-7] upstream answered 401 for ${value}, trying again`,
  },
  { where: 'plain name', put: (_, value) => `ACME_VALUE=${value}` },
  { where: 'plain JSON', put: (_, value) => JSON.stringify({ id: 7, value, ok: false }) },
  { where: 'list', put: (_, value) => `args:\n- serve\n- ${value}\n` },
  { where: 'call', put: (_, value) => `client = Client("${value}", timeout=5)` },
  { where: 'shell', put: (_, value) => `curl -sS -H 'X-Acme: ${value}' https://api.example.com/v1/orders` },
  {
    where: 'bearer header',
    put: (_, value) =>
      `GET /v1/orders HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer ${value}\r\nAccept: */*\r\n`,
  },
  { where: 'query', put: (_, value) => `GET https://api.example.com/v1/orders?k=${value}&page=2 401` },
  {
    where: 'remote URL',
    put: (_, value) => `fatal: unable to access 'https://x-access-token:${value}@git.example.com/acme/orders.git/'`,
  },
  { where: 'table', put: (_, value) => `| 7 | ${value} | active |` },
  { where: 'commit message', put: (_, value) => `Use the new one\n\n${value} works, the old one is revoked.` },
  { where: 'tag', put: (_, value) => `<td class="v">${value}</td>` },
  { where: 'path', put: (_, value) => `POST /hooks/${value}/deliver 500` },
];
