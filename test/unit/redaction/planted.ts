import { base62, type Chance, hexDigits } from './look-alikes.ts';

/** A secret as it stands somewhere, and the part of it that must not come out. */
export interface Planted {
  readonly format: string;
  readonly text: string;
  readonly secret: string;
}

const letters = 'abcdefghijkmnpqrstuvwxyz';
const password = (chance: Chance): string =>
  `${chance.text(letters, 4)}${chance.digits(3)}${chance.text(letters.toUpperCase(), 3)}!${chance.text(letters, 3)}`;
const token = (chance: Chance): string => `${chance.text(base62, 38)}7Q`;
const pem = (chance: Chance): string =>
  [
    '-----BEGIN ' + 'RSA PRIVATE KEY-----',
    ...Array.from({ length: 8 }, () => chance.bytes(48).toString('base64')),
    '-----END ' + 'RSA PRIVATE KEY-----',
  ].join('\n');

/** Where a password stands: written from the manuals of the programs, not from the rules. */
const passwords: readonly ((secret: string) => string)[] = [
  (s) => `password=${s}`,
  (s) => `export PGPASSWORD='${s}'`,
  (s) => `spring.datasource.password: ${s}`,
  (s) => `<password>${s}</password>`,
  (s) => `<add key="Password" value="${s}" />`,
  (s) => `<entry key="db.password">${s}</entry>`,
  (s) => `postgresql://app:${encodeURIComponent(s)}@db.internal:5432/pay`,
  (s) => `redis://:${encodeURIComponent(s)}@cache:6379/0`,
  (s) => `Server=db;User Id=sa;Password=${s};Encrypt=true`,
  (s) => `jdbc:mysql://db/x?user=a&password=${s}&useSSL=true`,
  (s) => `app:${s}@tcp(db:3306)/pay`,
  (s) => `mysql -u root -p${s} -h db`,
  (s) => `sshpass -p ${s} ssh ada@host`,
  (s) => `docker login -u bob -p ${s} registry.example.test`,
  (s) => `curl -u admin:${s} https://example.test/`,
  (s) => `redis-cli -h cache -a ${s} ping`,
  (s) => `CREATE USER app IDENTIFIED BY '${s}'`,
  (s) => `ALTER ROLE app WITH PASSWORD '${s}'`,
  (s) => `keytool -list -keystore k.jks -storepass ${s}`,
  (s) => `machine example.test login bob password ${s}`,
  (s) => `db.internal:5432:pay:app:${s}`,
  (s) => `["mysql","--password","${s}"]`,
  (s) => `password: |\n  ${s}\n`,
  (s) => `password = """${s}"""`,
  (s) => `- name: DB_PASSWORD\n  value: "${s}"`,
  (s) => `kubectl create secret generic x --from-literal=pw=${s}`,
];

const tokens: readonly ((secret: string) => string)[] = [
  (s) => `AWS_SECRET_ACCESS_KEY=${s}`,
  (s) => `{"SecretAccessKey":"${s}"}`,
  (s) => `x-api-key: ${s}`,
  (s) => `Authorization: Bearer ${s}`,
  (s) => `Cookie: session=${s}; theme=dark`,
  (s) => `client_secret=${s}&grant_type=client_credentials`,
  (s) => `GET /callback?access_token=${s}`,
  (s) => `datadog_api_key: ${s}`,
  (s) => `AccountName=x;AccountKey=${s};EndpointSuffix=core.windows.net`,
  (s) => `//registry.example.test/:_authToken=${s}`,
];

const issued: readonly ((chance: Chance) => string)[] = [
  (c) => `ghp_${c.text(base62, 36)}`,
  (c) => `glpat-${c.text(base62, 20)}`,
  (c) => `xoxb-${c.digits(12)}-${c.digits(12)}-${c.text(base62, 24)}`,
  (c) => `AKIA${c.text('ABCDEFGHIJKLMNOP234567', 16)}`,
  (c) => `sk_live_${c.text(base62, 24)}`,
  (c) => `SG.${c.text(base62, 22)}.${c.text(base62, 43)}`,
  (c) => `npm_${c.text(base62, 36)}`,
  (c) => `AIza${c.text(base62, 35)}`,
  (c) => `hvs.${c.text(base62, 92)}`,
  (c) => `dapi${c.text(hexDigits, 32)}`,
  (c) => `dckr_pat_${c.text(base62, 27)}`,
];

export function planted(chance: Chance): readonly Planted[] {
  const key = pem(chance);
  return [
    ...passwords.map((place) => of(place('…'), place, password(chance))),
    ...tokens.map((place) => of(place('…'), place, token(chance))),
    ...issued.map((make) => of('issued', (secret) => `called with ${secret} twice`, make(chance))),
    of('docker', (s) => `{"auths":{"r.example":{"auth":"${s}"}}}`, base64(`bob:${password(chance)}`)),
    of('Secret', (s) => `kind: Secret\nmetadata:\n  name: x\ndata:\n  any: ${s}\n`, base64(password(chance))),
    { format: 'key', text: `key:\n${key}\n`, secret: key.split('\n')[3] ?? '' },
  ];
}

function of(format: string, place: (secret: string) => string, secret: string): Planted {
  const text = place(secret);
  // Some places encode it.
  return { format, text, secret: text.includes(secret) ? secret : encodeURIComponent(secret) };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
