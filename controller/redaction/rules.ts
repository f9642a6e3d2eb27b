import { placeholders } from './harmless.ts';
import { escaped, type FormRule } from './rule.ts';

/** A word's start. */
export const start = String.raw`(?<![\w-])`;

export const prefixed = (kind: string, literals: readonly string[], rest: string): FormRule => ({
  kind,
  literals,
  pattern: `${start}(?:${literals.map(escaped).join('|')})${rest}`,
});

/**
 * Secrets that are known by their form, whatever stands around them: the prefixes that the issuers document.
 * Forms without a prefix (40 hex digits, UUIDs) are not here: git SHAs, digests and request ids look the same.
 */
export const formRules: readonly FormRule[] = [
  prefixed('aws-access-key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], String.raw`[A-Z2-7]{16}(?![A-Z0-9])`),
  prefixed('aws-session-token', ['FwoGZXIvYXdz', 'IQoJb3JpZ2lu'], '[A-Za-z0-9+/=%]{40,}'),
  prefixed('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], '[A-Za-z0-9_]{20,}'),
  prefixed('github-token', ['github_pat_'], '[A-Za-z0-9_]{20,}'),
  prefixed('gitlab-token', ['glpat-', 'glptt-', 'glrt-', 'gldt-', 'glcbt-', 'glsoat-'], String.raw`[\w.-]{16,}`),
  prefixed(
    'slack-token',
    ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    '[A-Za-z0-9-]{10,}',
  ),
  {
    kind: 'slack-webhook',
    literals: ['hooks.slack.com'],
    pattern: String.raw`hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/(?<secret>(?:[\w-]|\\{0,16}/){10,})`,
  },
  prefixed('stripe-key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'], '[A-Za-z0-9+/=]{10,}'),
  prefixed('google-key', ['AIza'], String.raw`[\w-]{35}(?![\w-])`),
  prefixed('google-token', ['ya29.', 'GOCSPX-'], String.raw`[\w-]{20,}`),
  prefixed('npm-token', ['npm_'], '[A-Za-z0-9]{36}(?![A-Za-z0-9])'),
  prefixed('pypi-token', ['pypi-AgE'], String.raw`[\w-]{40,}`),
  prefixed('docker-token', ['dckr_pat_', 'dckr_oat_'], String.raw`[\w-]{20,}`),
  prefixed('vault-token', ['hvs.', 'hvb.', 'hvr.'], String.raw`[\w-]{20,}`),
  prefixed('api-key', ['sk-ant-', 'sk-proj-', 'sk-svcacct-', 'sk-or-'], String.raw`[\w-]{20,}`),
  prefixed('api-key', ['sk-'], '[A-Za-z0-9]{32,}'),
  prefixed(
    'api-key',
    ['hf_', 'shpat_', 'shpss_', 'dop_v1_', 'doo_v1_', 'glsa_', 'lin_api_', 'PMAK-', 'SG.'],
    String.raw`[\w.-]{24,}`,
  ),
  prefixed('age-key', ['AGE-SECRET-KEY-1'], '[A-Z0-9]{58}'),
  {
    kind: 'jwt',
    literals: ['eyJ'],
    pattern: String.raw`${start}eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){0,3}`,
  },
  {
    kind: 'url-password',
    literals: ['@'],
    // scheme://user:password@ ; the password runs to the last @ before a slash, as people do not always encode it.
    pattern: String.raw`:(?:\\*/){2}[^\s/:@"'<>\\[]{0,200}:(?!\[redacted:)(?<secret>[^\s/"'<>\\]{1,500})@`,
    allowed: placeholders,
  },
  {
    kind: 'url-password',
    literals: ['@'],
    // The same with a slash or another sign in it that ends the host elsewhere: no port stands before that.
    pattern: String.raw`:(?:\\*/){2}[^\s/:@"'<>\\[]{0,200}:(?!\[redacted:|\d{1,5}[/?#])(?<secret>[^\s/"'<>\\@]{1,100}[/?#][^\s"'<>\\@]{1,100})@(?=[\w.-]{1,200}(?::\d|/|[\s"'\\]|$))`,
    allowed: placeholders,
  },
  {
    kind: 'url-token',
    literals: ['@'],
    pattern: String.raw`:(?:\\*/){2}(?<secret>[\w~%.-]{20,500})@`,
  },
  {
    kind: 'bearer-token',
    literals: ['bearer'],
    // A word of letters alone after "bearer" is prose.
    pattern: String.raw`(?<![A-Za-z])bearer[ \t]{1,8}(?<secret>(?![a-z_]{1,20}=\w)(?=[A-Za-z]{0,200}[\d._~+/=-])[\w.~+/=-]{8,})`,
    ignoreCase: true,
  },
  {
    kind: 'webhook',
    literals: ['webhook.office.com'],
    pattern: String.raw`webhook\.office\.com\\*/webhookb2\\*/(?<secret>(?:[\w@.-]|\\{0,16}/){16,})`,
  },
  {
    // Addresses whose path is the secret.
    kind: 'webhook',
    literals: ['hooks.zapier.com', 'sumologic.com', 'loggly.com', 'alchemy.com', 'infura.io', 'make.com', 'ifttt.com'],
    pattern: String.raw`(?:hooks\.zapier\.com\\*/hooks\\*/catch|sumologic\.com\\*/receiver\\*/v1\\*/http|loggly\.com\\*/(?:inputs|bulk)|alchemy\.com\\*/v\d|infura\.io\\*/(?:ws\\*/)?v\d|hook\.[\w.]{1,20}\.make\.com|ifttt\.com\\*/trigger\\*/[\w-]{1,60}\\*/(?:json\\*/)?with\\*/key)\\*/(?<secret>(?:[\w=-]|\\{0,16}/){8,})`,
  },
  {
    // Links that open something for whoever has them: /reset-password/<token>
    kind: 'link-token',
    literals: ['reset', 'verif', 'confirm', 'invit', 'activat', 'magic', 'unsubscribe'],
    ignoreCase: true,
    random: true,
    pattern: String.raw`\\*/[\w-]{0,20}(?:reset|verif|confirm|invit|activat|magic|unsubscribe)[\w-]{0,20}\\*/(?<secret>[\w.~-]{16,300})(?![\w.~-]*/)`,
  },
  {
    kind: 'unseal-key',
    literals: ['unseal key', 'recovery key'],
    ignoreCase: true,
    pattern: String.raw`(?:unseal|recovery) key \d{1,2}(?: \(will be hidden\))?: {1,4}(?<secret>[\w+/=-]{32,200})`,
  },
  {
    kind: 'signature',
    literals: ['sig='],
    pattern: String.raw`(?<=[?&;])sig=(?<secret>[\w%+/=-]{16,})`,
  },
  {
    kind: 'api-key',
    literals: ['sgp_'],
    pattern: `${start}sgp_(?:[A-Fa-f0-9]{16}_|local_)?[A-Fa-f0-9]{40}`,
  },
  {
    // scheme user:password@tcp(host:port), as Go's MySQL driver has it; Oracle's thin driver has user/password@host.
    kind: 'url-password',
    literals: ['@tcp(', '@unix(', '@udp('],
    pattern: String.raw`(?<![\w.-])[\w.-]{1,60}:(?<secret>[^\s"'<>\\]{1,200}?)@(?:tcp|unix|udp)\(`,
  },
  {
    kind: 'url-password',
    literals: ['oracle:'],
    pattern: String.raw`oracle:(?:thin|oci):[\w.-]{1,60}/(?<secret>(?!\[redacted:)[^\s"'<>\\/@]{1,200})@`,
  },
  {
    // Hashes of passwords, as crypt(3), bcrypt, Argon2 and PBKDF2 are written; also what LDAP and PostgreSQL keep.
    kind: 'password-hash',
    literals: ['$'],
    pattern: String.raw`\$(?:2[abxy]|[156y]|sha1|apr1|argon2(?:id|i|d)|pbkdf2[\w-]{0,20}|scrypt)\$[\w./$+=,-]{20,300}`,
  },
  {
    kind: 'password-hash',
    literals: ['SHA}', 'SCRAM-SHA-', 'CRYPT}', 'pbkdf2_sha'],
    pattern: String.raw`(?:\{S?SHA\d{0,3}\}|\{CRYPT\}|SCRAM-SHA-\d{1,3}\$|pbkdf2_sha\d{1,3}\$)[\w./$+=:-]{16,300}`,
  },
  {
    // As Werkzeug writes them, and what PostgreSQL kept before SCRAM.
    kind: 'password-hash',
    literals: ['pbkdf2:sha', 'scrypt:', 'md5'],
    pattern: String.raw`(?<!\w)(?:(?:pbkdf2:sha\d{1,3}:\d{1,8}|scrypt:\d{1,8}:\d{1,3}:\d{1,3})\$\w{4,64}\$[0-9a-f]{32,128}|md5[0-9a-f]{32}(?!\w))`,
  },
  {
    // The secret key that stands by an access key's id, in a credentials file's or a table's next column.
    kind: 'aws-secret-key',
    literals: ['AKIA', 'ASIA'],
    pattern: String.raw`(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9/+]{1,20}(?:[\w ]{0,30}[=:,|"'\s]{1,8})?(?<secret>(?=[A-Za-z/+]{0,39}\d)[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])`,
  },
  {
    // A private JSON Web Key's own fields; a public one has none of them.
    kind: 'private-key',
    literals: ['kty'],
    pattern: String.raw`(?<=["'](?:d|p|q|dp|dq|qi|k)\\{0,8}["']\s{0,8}:\s{0,8}\\{0,8}["'])(?<secret>[\w-]{16,2000})`,
  },
  {
    kind: 'private-key',
    literals: ['Private-MAC'],
    pattern: String.raw`Private-MAC: (?<secret>[0-9a-f]{40,64})`,
  },
  {
    kind: 'private-key',
    literals: ['Private-Lines'],
    pattern: String.raw`Private-Lines: \d{1,3}(?:\s|\\{1,8}[nr]){1,8}(?<secret>(?:[A-Za-z0-9+/=]{1,64}(?:\s|\\{1,8}[nr]){0,8}){1,120})`,
  },
  {
    // .netrc: machine m login u password p
    kind: 'password',
    literals: ['login'],
    pattern: String.raw`(?<![\w-])login[ \t]{1,8}\S{1,100}\s{1,20}(?:password|account)[ \t]{1,8}(?<secret>(?!\[redacted:)[^\s"'\\]{1,200})`,
  },
  {
    // .pgpass: host:port:database:user:password
    kind: 'password',
    literals: [':5432:', ':5433:', ':6432:', ':*:'],
    pattern: String.raw`(?<![\w*.:-])[\w*.-]{1,100}:(?:543[23]|6432|\*):[\w*-]{1,63}:[\w*.-]{1,63}:(?<secret>(?!\[redacted:)[^\s"'\\]{1,200})`,
  },
  prefixed(
    'api-key',
    'figd_ sbp_ sbs_ squ_ sqp_ sqa_ phx_ gsk_ xai- r8_ nvapi- tvly- rpa_ nfp_ bkua_ lsv2_pt_ lsv2_sk_ lin_oauth_ pat-na1- pat-eu1- CCIPAT_ CFPAT- dp.pt. dp.st. dp.ct. zpka_ sk_prod_ rk_prod_ ATCTT3 ATBB apify_api_ glpat_ ghapp_ pk_prod_ vcp_ vci_ vca_ nrp_ sntryu_'.split(
      ' ',
    ),
    String.raw`[\w.-]{19,}[\w-]`,
  ),
  prefixed('api-key', ['NRAK-', 'NRJS-', 'NRII-', 'NRAA-'], '[A-Za-z0-9-]{19,}'),
  prefixed('api-key', ['key-'], '[0-9a-f]{32}(?![0-9a-z])'),
  prefixed('api-key', ['oy2'], '[a-z0-9]{43}(?![a-z0-9])'),
  prefixed('api-key', ['AKID'], '[A-Za-z0-9]{32}(?![A-Za-z0-9])'),
  prefixed('google-token', ['1//0'], String.raw`[\w-]{40,}`),
  prefixed('mws-key', ['amzn.mws.'], '[0-9a-f-]{36}'),
  {
    kind: 'webhook',
    literals: ['/api/webhooks/'],
    pattern: String.raw`discord(?:app)?\.com\\*/api\\*/webhooks\\*/\d{5,25}\\*/(?<secret>[\w-]{6,})`,
  },
  { kind: 'bot-token', literals: [':AA'], pattern: String.raw`(?<!\d)\d{8,11}:(?<secret>AA[\w-]{33})(?![\w-])` },
  {
    kind: 'bot-token',
    literals: ['.'],
    pattern: String.raw`${start}(?=[A-Za-z]{1,27}\d)[MNO][A-Za-z0-9]{23,27}\.[\w-]{6}\.[\w-]{8,40}(?![\w-])`,
  },
];
