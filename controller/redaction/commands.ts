import type { FormRule } from './rule.ts';

/** A word of a command line or a statement, in its quotes or without; escaped ones too. */
const quoted = String.raw`\\{0,8}(?<quote>["'])(?<secret>(?:(?!\\{0,8}\k<quote>)[^\n]){1,200})`;
const word = String.raw`(?:\\{0,8}["'])?(?<secret>(?!\[redacted:|\$[({A-Z_]|<|(?<!["'])-|-{1,2}[a-z-]{1,40}["'\\])[^\s"'\\;|&]{1,200})`;
/** What may stand between a program's name and an option of it: no other program. */
const words = String.raw`(?:[^\n;|&\\]|\\(?!n)){0,300}?`;
export const gap = String.raw`(?:[ \t]{1,8}|\\{0,8}["'],\s{0,8})`;

export const option = (programs: string, flags: string, separator = `(?:${gap}|=)`): FormRule => ({
  kind: 'password',
  literals: programs.split('|'),
  pattern: String.raw`(?<![\w.-])(?:${programs})(?![\w]|[ \t]compose\b)${words}(?:[\s"',])(?:${flags})${separator}${word}`,
});

const after = (kind: string, literals: readonly string[], pattern: string, value = word): FormRule => ({
  kind,
  literals,
  ignoreCase: true,
  pattern: `${pattern}${value}`,
});

/** Passwords of command lines and statements, where no name says that one follows. */
export const commandRules: readonly FormRule[] = [
  // The MySQL clients take the password at the option itself.
  option(
    'mysql|mysqldump|mysqladmin|mysqlimport|mysqlshow|mysqlcheck|mysqlsh|mariadb|mariadb-dump|mariadb-admin',
    '-p',
    String.raw`(?:(?=\\{0,8}["'][^\s"',;)}\]])|(?![ \t"',=\\]))`,
  ),
  option(
    'sshpass|docker|podman|nerdctl|buildah|skopeo|helm|oras|crane|mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|oc|az|cf|influx|useradd|usermod|mosquitto_pub|mosquitto_sub|cqlsh|rabbitmqadmin|twine|psexec|cypher-shell|beeline|evil-winrm|crackmapexec|netexec|mycli',
    '-p|-P',
    // Ports are published with the same letter.
    String.raw`${gap}(?!\d[\d.:]{0,40}(?:[\s/]|$))`,
  ),
  option('sshpass', '-p', ''),
  option('redis-cli', '-a'),
  option('ldapsearch|ldapmodify|ldapadd|ldapdelete|ldapwhoami|ldappasswd', '-w'),
  option('sqlcmd|bcp|isql|tsql|ipmitool|unzip|zip', '-P'),
  option('keytool|jarsigner|apksigner', '-(?:src|dest|new)?(?:store|key)pass|--(?:ks|key)-pass'),
  option(
    'curl|http|https|httpie',
    String.raw`-u|--user|-a|--proxy-user|-U`,
    String.raw`(?:${gap}|=)?(?:\\{0,8}["'])?[\w.@+-]{0,100}:`,
  ),
  option('smbclient|rpcclient|smbmap', '-U', String.raw`${gap}(?:\\{0,8}["'])?[\w.\\/-]{1,100}%`),
  option('sqlplus|sqlldr|expdp|impdp|rman', String.raw`[\w]{1,60}`, '/(?=[^\\s/]{1,200}@)'),
  option('openssl', '-passin|-passout|-k|-K|-pass', String.raw`${gap}(?:pass:)?(?!(?:env|file|fd|stdin)(?::|\b))`),
  option('rabbitmqctl', 'add_user|change_password|authenticate_user', String.raw`${gap}[\w.@-]{1,100}${gap}`),
  option('htpasswd', String.raw`-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}`, String.raw`${gap}\S{1,200}${gap}[\w.@-]{1,100}${gap}`),
  option(
    'htpasswd',
    String.raw`-[a-zA-Z]{0,6}(?:n[a-zA-Z]{0,6}b|b[a-zA-Z]{0,6}n)[a-zA-Z]{0,6}`,
    String.raw`${gap}[\w.@-]{1,100}${gap}`,
  ),
  option('etcdctl', '--user', String.raw`(?:${gap}|=)(?:\\{0,8}["'])?[\w.@-]{1,100}:`),
  after(
    'password',
    ['alias set', 'config host add'],
    String.raw`(?<![\w-])(?:alias set|config host add)${gap}[\w-]{1,60}${gap}https?://\S{1,200}${gap}[^\s"']{3,128}${gap}`,
  ),
  after(
    'password',
    ['insecure-password', 'set-initial-password', 'auth-pass'],
    String.raw`(?<![\w-])(?:insecure-password|set-initial-password|auth-pass${gap}[\w.-]{1,100})${gap}`,
  ),
  after(
    'password',
    [' on >', ' off >'],
    String.raw`(?<![\w-])user[ \t]{1,8}[\w.@-]{1,100}[ \t]{1,8}(?:on|off)[ \t]{1,8}>`,
  ),
  option('aws', String.raw`set${gap}\S{0,60}(?:secret|token)\S{0,60}`, gap),
  option('vault', 'login', String.raw`${gap}(?:token=)?`),
  option('kubectl', String.raw`--from-literal`, String.raw`[= ]\\{0,8}["']?[\w.-]{1,100}=`),
  after(
    'password',
    ['chpasswd'],
    String.raw`echo[ \t]{1,8}(?:-n[ \t])?(?:\\{0,8}["'])?[\w.-]{1,60}:(?=[^\n]{1,200}\|[^\n]{0,60}chpasswd)`,
  ),
  after('password', ['net user'], String.raw`\bnet user[ \t]{1,8}[\w.-]{1,60}[ \t]{1,8}(?!/)`),
  after(
    'password',
    ['identified'],
    String.raw`\bidentified\s{1,8}(?:with\s{1,8}\S{1,60}\s{1,8})?(?:by|as|using)\s{1,8}(?:password\s{1,8})?(?:values\s{1,8})?`,
    quoted,
  ),
  after('password', ['identified by'], String.raw`\bidentified by\s{1,8}(?!values|password|\\{0,8}["'])`),
  after(
    'password',
    ['password'],
    String.raw`\b(?:encrypted\s{1,8}|unencrypted\s{1,8})?password(?:\s{1,8}|\s{0,8}\(\s{0,8})`,
    quoted,
  ),
  after('password', ['set password'], String.raw`\bset\s{1,8}password\s{1,8}for\s{1,8}[^=\n]{1,120}=\s{0,8}`, quoted),
  after(
    'password',
    ['pgp_sym', 'crypt('],
    String.raw`(?<![\w])(?:pgp_sym_(?:en|de)crypt\([^\n]{1,200}?,|crypt\()\s{0,8}`,
    quoted,
  ),
  after(
    'password',
    ['requirepass', 'masterauth'],
    String.raw`(?<![\w-])(?:requirepass|masterauth)(?:${gap}|\s{0,8}[:=]\s{0,8})`,
  ),
  after('password', ['setuser'], String.raw`\bacl${gap}setuser${gap}[^\n]{1,200}?>`),
  // Calls that take a user and a password: getConnection(url, "app", "x"), HTTPBasicAuth('app', 'x').
  after(
    'password',
    [
      'getconnection',
      'credential',
      'basicauth',
      'basic_auth',
      'digestauth',
      'login(',
      'auth(',
      'auth=(',
      'changeuserpassword',
    ],
    String.raw`(?:getConnection|(?:UsernamePassword|Network|BasicAWS|Basic)\w{0,30}Credentials?|Credentials\.(?:basic|create)|(?:Basic|Digest|basic_)_?Auth|(?<!\w)Credentials|(?<!\w)login|(?<!\w)auth=|\.auth|changeUserPassword)\([^()\n]{0,200}?\\{0,8}["'][^"'\n/]{1,100}["'],\s{0,8}`,
    String.raw`${quoted}(?=\\{0,8}\k<quote>\s{0,8}\))`,
  ),
  {
    // Redis: AUTH [user] password, alone on its line.
    kind: 'password',
    literals: ['AUTH '],
    pattern: String.raw`(?<![\w-])AUTH[ \t]{1,4}(?!PLAIN|LOGIN|CRAM|XOAUTH)(?:[\w.-]{1,60}[ \t]{1,4})?(?<secret>(?=[^\s"'\\]{0,200}[\d!@#$%^&*])(?!\[redacted:)[^\s"'\\]{4,200})(?=\s*(?:$|\n)|\\{1,16}[nr"]|["'])`,
  },
  {
    kind: 'password',
    literals: ['AUTH PLAIN', 'AUTH LOGIN', 'AUTH XOAUTH2', 'AUTHENTICATE PLAIN'],
    pattern: String.raw`\bAUTH(?:ENTICATE)? (?:PLAIN|LOGIN|XOAUTH2)[ \t]{1,8}(?<secret>[A-Za-z0-9+/=]{8,2000})`,
  },
  {
    kind: 'password',
    literals: ['PASS '],
    pattern: String.raw`(?:^|[\n>]|\\n)[ \t]{0,8}PASS[ \t](?<secret>(?!\[redacted:|[\w@./-]{1,200}\.(?:[cm]?[jt]sx?|py|rb|go|java|php|vue)(?!\w))[^\s"'\\:]{3,200})(?=\s*(?:$|\n|\r|\\[rn]|"))`,
  },
  {
    // What is given to a command that reads a password from its input.
    kind: 'password',
    literals: ['-stdin', 'sudo -S', '--stdin', '--with-token', 'secret', 'kubeseal', 'kinit', 'passwd'],
    pattern: String.raw`(?<![\w-])(?:echo|printf)[ \t]{1,8}(?:-\w{1,3}[ \t]{1,4}|\\{0,8}["']%s(?:\\{1,8}n)?\\{0,8}["'][ \t]{1,4})?(?:\\{0,8}["'])?(?<secret>(?!\[redacted:|\$[({A-Z_]|<|-)[^\s"'\\;|&]{1,200})(?=(?:\\{0,8}["'])?[ \t]{0,8}\|[^\n|;]{0,200}(?:-stdin|sudo -S|--with-token|(?:create|add|put|set)[ \t]secret|secrets?[ \t](?:create|put|set|add|versions)|kubeseal|kinit|passwd))`,
  },
  {
    kind: 'password',
    literals: ['SecureString'],
    pattern: String.raw`ConvertTo-SecureString(?:[ \t]{1,8}-(?!String)\w{1,20}){0,3}(?:[ \t]{1,8}-String)?[ \t]{1,8}\\{0,8}["'](?<secret>(?!\$|\[redacted:)[^"']{1,200}?)(?=\\{0,8}["']|$)`,
    ignoreCase: true,
  },
  {
    kind: 'password',
    literals: ['net use'],
    ignoreCase: true,
    pattern: String.raw`\bnet use[ \t]{1,8}(?:[A-Za-z*]:?[ \t]{1,8})?\\{2,32}\S{1,200}[ \t]{1,8}(?<secret>(?!/|\[redacted:|\*)[^\s"']{1,200})`,
  },
  option('xfreerdp|wlfreerdp|rdesktop', '/p', ':'),
  option('nmcli', 'password|wifi-sec.psk', gap),
  option('ssh-keygen', '-N|-P'),
  option('lftp|ncftp|ftp', '-u', String.raw`${gap}[\w.@-]{1,60},`),
  option('snmpwalk|snmpget', '-A|-X|-c'),
  option('wpa_passphrase', String.raw`[\w-]{1,60}`, gap),
  option('7z|7za|rar|unrar', '-p', String.raw`(?![ \t"',=])`),
  option('curl', '--oauth2-bearer|--pass|--proxy-pass'),
  {
    // As MONITOR of Redis shows it, and a list of arguments.
    kind: 'password',
    literals: ['auth'],
    ignoreCase: true,
    pattern: String.raw`(?<q>\\{0,8}")auth\k<q>,?[ \t]{1,4}(?:\k<q>[\w.-]{1,60}\k<q>,?[ \t]{1,4})?\k<q>(?<secret>(?!\[redacted:)[^"\\]{1,200})(?:\k<q>(?![ \t]{1,4}\\{0,8}")|$)`,
  },
];
