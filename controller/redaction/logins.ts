import type { FormRule } from './rule.ts';
import { gap, option } from './commands.ts';
import { nouns, value } from './prose.ts';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** A share's or a device's password as a word of its own. */
const said = String.raw`(?:\\{0,8}["'])?(?<secret>(?!\[redacted:|[<$*-])[^\s"'\\]{3,200})`;

/** The same where a word of the language may follow as well: it has figures or signs. */
const made = String.raw`(?=(?:\\{0,8}["'])|[^\s"'\\]{0,200}[\d!@#$%^&*])${said}`;

/** Tokens and passwords that are given to log in with, by commands and by people. */
export const loginRules: readonly FormRule[] = [
  option(
    'cargo|snyk|ngrok|npm|pnpm|hub|fly|flyctl|semgrep|doppler|databricks|sentry-cli|hf|huggingface-cli|wandb|pulumi|railway|infracost|codecov|buf|deno|netlify|vercel|tailscale',
    'login|auth|add-authtoken|authtoken|set-token',
    String.raw`${gap}(?=[\w+=.~-]{20})(?=[\w+=.~-]{0,60}\d)`,
  ),
  {
    kind: 'token',
    literals: ['login ', 'auth ', 'authtoken ', 'set-token '],
    random: true,
    pattern: String.raw`(?<![\w-])[a-z][\w.-]{1,30}[ \t]{1,4}(?:config[ \t]{1,4})?(?:login|auth|add-authtoken|authtoken|set-token)[ \t]{1,4}(?<secret>[\w+/=.~-]{20,400})(?![\w+/=.~-])`,
  },
  {
    kind: 'password',
    literals: ['net use'],
    ignoreCase: true,
    pattern: String.raw`\bnet use[ \t]{1,8}(?:[A-Za-z*]:?[ \t]{1,8})?\\{2,32}\S{1,200}(?:[ \t]{1,8}/(?!user)\w{1,20}(?::\S{1,60})?){0,3}[ \t]{1,8}/user:\S{1,100}[ \t]{1,8}(?!/)${said}`,
  },
  {
    // The other half of an identity, as Consul, Nomad and Vault show it; a name of a Secret is no UUID.
    kind: 'secret',
    literals: ['secret id', 'secret_id', 'secretid', 'secret-id'],
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])secret[ _-]?id(?:\\{0,16}["'])?[ \t]{0,20}[:=|]?[ \t]{0,20}(?:\\{0,16}["'])?(?<secret>${uuid})`,
  },
  {
    // "log in with bob / x"
    kind: 'password',
    literals: ['log in', 'login', 'sign in', 'credentials', 'creds'],
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:log[ -]?in|sign[ -]?in|credentials|creds)\b(?:[ \t][\w.-]{1,20}){0,4}(?:[ \t](?:with|as|using|are|is)|:)[ \t]{1,4}[\w.@-]{1,60}[ \t]{1,2}/[ \t]{1,2}${value}`,
  },
  {
    // "change the admin password from x to ..."
    kind: 'password',
    literals: ['chang', 'updat', 'replac', 'reset', 'rotat'],
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:chang|updat|replac|reset|rotat)(?:e|ed|es|ing|t)?(?:[ \t][\w@.'-]{1,30}){0,3}[ \t](?:${nouns})[ \t]{1,4}from[ \t]{1,4}(?:\\{0,8}["'\x60])?${value}(?=(?:\\{0,8}["'\x60])?[ \t]{1,4}(?:to|into|->)[ \t])`,
  },
  {
    // What a store of secrets is given.
    kind: 'secret',
    literals: ['--value', '--body', ' -b', '--secret-string', '--secret-value'],
    pattern: String.raw`(?:keyvault[ \t]secret|gh[ \t]secret|SecureString|secrets?[ \t](?:set|create|put|add)|create-secret|put-secret-value)(?![\w])[^\n;|&]{0,200}?[ \t](?:--value|--body|-b|--secret-string|--secret-value)(?:${gap}|=)${said}`,
  },
  {
    kind: 'password',
    literals: [' LOGIN '],
    pattern: String.raw`(?<![\w.-])[A-Za-z]{0,4}\d{1,6} LOGIN (?:\\{0,8}")?[\w.@+-]{1,80}(?:\\{0,8}")? ${said}(?=(?:\\{0,8}")?\s{0,4}(?:$|\n)|\\|")`,
  },
  {
    // "PASSWORD elastic = x", "the pw for staging: x"
    kind: 'password',
    literals: ['passw', 'pw ', 'passphrase'],
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:password|passwd|passphrase|pw)(?:[ \t][\w.-]{1,30}[ \t]=|[ \t]for(?:[ \t][\w.-]{1,30}){1,3}:)[ \t]{1,4}${value}`,
  },
  {
    // What a program answers when it has set one, or is told when it asks.
    kind: 'password',
    literals: ['value: ', 'send '],
    ignoreCase: true,
    pattern: String.raw`assw(?:or)?d[^\n\\]{0,100}(?:\\{0,8}")?(?:\r?\n|\\{1,16}n)[ \t]{0,8}(?:(?:new[ \t])?value:|send(?:[ \t]--)?(?=[ \t]{1,4}\\{0,8}"))[ \t]{1,4}${said}`,
  },
  {
    // A browser's cookies, as curl keeps them: domain, flag, path, flag, time, name, value.
    kind: 'cookie',
    literals: ['TRUE', 'FALSE'],
    pattern: String.raw`(?:TRUE|FALSE)(?:\t|\\{1,16}t)/[^\s\\]{0,100}(?:\t|\\{1,16}t)(?:TRUE|FALSE)(?:\t|\\{1,16}t)\d{1,16}(?:\t|\\{1,16}t)[^\s\\]{1,100}(?:\t|\\{1,16}t)(?<secret>(?!\[redacted:)[^\s"'\\]{8,2000})`,
  },
  {
    // Calls of a database's driver: address, user, password.
    kind: 'password',
    literals: ['connect(', 'pdo(', 'mysqli('],
    ignoreCase: true,
    pattern: String.raw`(?:DBI->connect|new PDO|mysqli(?:_connect)?|MySQLdb\.connect|pymysql\.connect)\(\s{0,8}(?:\\{0,8}["'][^"'\n]{1,200}["'],\s{0,8}){2}\\{0,8}["'](?<secret>(?!\[redacted:|\$)[^"'\\\n]{1,200})`,
  },
  {
    kind: 'private-key',
    literals: ['b3BlbnNzaC1rZXkt'],
    pattern: String.raw`(?<![\w+/])b3BlbnNzaC1rZXkt[\w+/=]{20,}`,
  },
  {
    // Words of BIP 39, twelve and more.
    kind: 'mnemonic',
    literals: ['mnemonic', 'seed', 'recovery', 'backup'],
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:mnemonic|(?:seed|recovery|backup)[ _-]?(?:phrase|words?))\b[^\n:="']{0,20}(?:[ \t]is|[:=])[ \t]{0,4}(?:\\{0,8}["'])?(?<secret>[a-z]{3,8}(?:,?[ \t]{1,2}[a-z]{3,8}){11,23})(?!\w)`,
  },
];

/** How routers, switches, SNMP's and IPsec's daemons are told their keys. */
export const deviceRules: readonly FormRule[] = [
  {
    kind: 'password',
    literals: ['community'],
    ignoreCase: true,
    pattern: String.raw`(?:snmp-server|snmp|(?:^|\n|\\n)[ \t]{0,8}r[ow])[ \t]?community6?[ \t]{1,8}${made}`,
  },
  {
    kind: 'password',
    literals: ['createuser ', 'usm-user ', 'snmp-server user'],
    ignoreCase: true,
    pattern: String.raw`(?:createuser|usm-user|snmp-server[ \t]user)[ \t][^\n"'\\]{1,100}?(?<![A-Za-z])(?:sha|md5)(?:-?\d{3})?[ \t]{1,8}${made}`,
  },
  {
    kind: 'password',
    literals: [' aes', ' des', ' priv'],
    ignoreCase: true,
    pattern: String.raw`(?:sha|md5)(?:-?\d{3})?[ \t]{1,8}(?=\S{0,200}[\d!@#$%^&*\"[])\S{3,200}[ \t]{1,8}(?:priv[ \t]{1,8})?(?:aes|3?des)(?:[ \t]?(?:128|192|256))?[ \t]{1,8}${made}`,
  },
  {
    // The figure says how it is written: plain, hashed, or turned round by a known key.
    kind: 'password',
    literals: ['password', 'secret', ' key', 'key-string'],
    ignoreCase: true,
    pattern: String.raw`(?:(?<![\w-])(?:password|secret)|(?<=\n[ \t]{0,8})key(?:-string)?)[ \t](?:0|[4-9])[ \t](?<secret>(?!\[redacted:)(?=[^\s"'\\]{0,200}[A-Za-z])(?=[^\s"'\\]{0,200}\d)[^\s"'\\]{6,200})(?=\s*(?:$|\n)|\\|["'])`,
  },
  {
    kind: 'password',
    literals: ['radius', 'tacacs', 'pre-shared-key', 'isakmp', 'ntp authentication-key'],
    ignoreCase: true,
    pattern: String.raw`(?:(?:radius|tacacs)-server[ \t][^\n"'\\]{0,120}?(?<![\w-])key|(?:isakmp|ntp[ \t]authentication)[ -]key|pre-shared-key(?:[ \t](?:local|remote|ascii-text))?|ntp[ \t]authentication-key[ \t]\d{1,8}[ \t]md5)[ \t]{1,8}(?:[04-9][ \t]{1,4})?(?![\w-]{1,40}\.\w{1,5}\b)${made}`,
  },
  {
    // ipsec.secrets
    kind: 'password',
    literals: [': PSK', ': XAUTH', ': EAP', ': NTLM'],
    pattern: String.raw`: (?:PSK|XAUTH|EAP|NTLM)[ \t]{1,8}\\{0,8}["'](?<secret>(?!\[redacted:)[^"'\\\n]{1,200})`,
  },
];
