import { keptRules } from './kept-rules.ts';
import { escaped, type FormRule } from './rule.ts';
import { nounLiterals, nouns, verbs } from './prose.ts';
import { formRules, start } from './rules.ts';
import { issued, isWord } from './token-prefixes.ts';

/** A text's end, the end of a string in it, or what is put where something was cut off. */
const cut = String.raw`(?=\\{0,16}["'\x60]|\s*$|…|\.{3}|\s{0,2}[[(<](?:cut|trunc|\.\.\.|\d{1,12} more))`;

/** The same where a quote may be a part of what was cut. */
const ended = String.raw`(?=\s*$|…|\.{3})`;

const prefixes =
  'ghp_ gho_ ghr_ ghs_ ghu_ github_pat_ glpat glptt glrt gldt glcbt glsoat glsa_ xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp- sk_live_ sk_test_ rk_live_ sk-ant- sk-proj- sk-svcacct- sk-or- whsec_ hvs. hvb. hvr. dckr_pat_ dckr_oat_ dop_v1_ doo_v1_ dor_v1_ shpat_ shpca_ shppa_ shpss_ lin_api_ pmak- age-secret-key-1 pypi-age ya29. gocspx-'.split(
    ' ',
  );

/** What many forms have as well. */
const plainWords = new Set(['api-', 'test_', 'live_', 'pat.', 'sat.', 'ext_', '_pub']);

/** The beginnings that the kept rules and the further issuers have. */
const beginnings = [
  ...new Set(
    [...[...keptRules, ...formRules].flatMap(({ literals }) => literals), ...issued.filter((one) => !isWord(one))].map(
      (one) => one.toLowerCase(),
    ),
  ),
]
  .filter((one) => one.length >= 4 && /^[a-z0-9][\w.-]*[-_.~]$/.test(one) && !plainWords.has(one))
  .concat('atatt3', 'atbb', 'atctt3', 'hrku-aa', 'akcp', 'dt0c01.', 'eaaa', 'nrak-', 'dckr_pat_');

/**
 * Of a password that people choose; what is said of one begins otherwise (`read-only`, `base64-encoded`, `ExpiredToken`). Each alternative
 * says for itself that case matters: V8 forgets it for classes in all but the first.
 */
const twoWords = String.raw`(?:(?-i:[A-Z][a-z]{2,30}(?!Exception|Error|Token|Key|Secret)[A-Z][a-z]{1,30})|(?-i:(?!(?:url|read|write|case|base|user|auto|hard|plain|clear|pre|out|up|non|well|too|not|self|single|multi|one|two|short|long|time|rate)-)[a-z]{3,30}-[a-z]{0,30}-?))`;

/** Heads of secrets whose rest was cut off before they came here: too short for their own rules, and enough to try the rest. */
export const cutRules: readonly FormRule[] = [
  {
    kind: 'cut-secret',
    literals: prefixes,
    pattern: String.raw`${start}(?:gh[oprsu]_|github_pat_|gl(?:pat|ptt|rt|dt|cbt|soat|sa_)[_-]?|xox[abeoprs]-|xapp-|[sr]k_live_|sk_test_|sk-(?:ant|proj|svcacct|or)-|whsec_|hv[sbr]\.|dckr_[po]at_|do[opr]_v1_|shp(?:at|ca|pa|ss)_|lin_api_|PMAK-|AGE-SECRET-KEY-1|pypi-AgE|ya29\.|GOCSPX-)[\w./+=-]{2,400}[\w/+=-]${cut}`,
  },
  {
    kind: 'cut-secret',
    literals: ['AKIA', 'ASIA', 'AIza', 'npm_', 'SG.', 'hf_'],
    pattern: String.raw`${start}(?:A[KS]IA(?=[A-Z2-7]{0,15}[2-7])[A-Z2-7]{3,15}|(?:AIza|npm_|SG\.|hf_)(?=[A-Za-z_-]{0,40}\d)(?=\w{0,40}[A-Z])[\w.-]{5,200})${cut}`,
  },
  {
    // {"alg, {"typ, {"kid, {"cty, {"x5t, {"enc, {"jku: how the header of a JWT begins.
    kind: 'jwt',
    literals: ['eyJ'],
    pattern: String.raw`${start}eyJ(?:hbGc|0eXA|raWQ|jdHki|4NXQ|lbmMi|qa3Ui)[\w-]{2,2000}(?:\.[\w-]{0,4000}){0,4}${cut}`,
  },
  {
    // A URL that ends before the @ that its password ends with: what stands there is no port.
    kind: 'url-password',
    literals: ['://'],
    pattern: String.raw`(?<!docker|oci|image|containerd):(?:\\*/){2}[\w.%+-]{0,100}:(?!\d{1,5}(?:[^\w]|$)|(?:port|PORT)\b|\[redacted:)(?<secret>(?:[^\s@"'<>\\[\]{}()$…,;/]|/(?!/)){2,200}?)(?=:?(?:\s|$)|…|\.{3}|\\{0,8}["'\x60]|\\{1,8}[nr])`,
  },
  {
    // The @ that would end it is gone; below it the name that would follow.
    kind: 'password',
    literals: ['jdbc:oracle', 'dsn'],
    ignoreCase: true,
    pattern: String.raw`(?:jdbc:oracle:\w{1,10}:\w{1,60}/|dsn\\{0,16}["']?[ \t]{0,4}[=:][ \t]{0,4}\\{0,16}["']?\w{1,60}:(?!//))(?<secret>(?!\[redacted:|\d{1,5}(?:\W|$))[^\s@"'\\…,;]{4,400}?)${ended}`,
  },
  {
    kind: 'secret',
    literals: ['"value'],
    pattern: String.raw`\{\s{0,40}\\{0,16}"value\\{0,16}"\s{0,9}:\s{0,9}\\{0,16}"(?<secret>(?!\[redacted:)[^\s"\\…]{6,2000}?)${ended}`,
  },
  {
    // What would have been piped to a command that reads a password.
    kind: 'password',
    literals: ['echo', 'printf'],
    pattern: String.raw`${start}(?:echo|printf)[ \t]{1,8}(?:-\w{1,3}[ \t]{1,4})?\\{0,8}["']?(?<secret>(?=\S{0,40}(?:\d|[a-z][A-Z]|[a-z]-[a-z]))[\w+/=.~-]{8,200})${ended}`,
  },
  {
    // Two words in one, and what a sentence calls a secret before them.
    kind: 'password',
    literals: nounLiterals,
    ignoreCase: true,
    pattern: String.raw`(?<![A-Za-z])(?:(?:${nouns})(?:[ \t](?!${verbs}[ \t])[\w@.'-]{1,30}){0,4}[ \t]{0,2}(?<![A-Za-z])(?:${verbs}[ \t]{0,2}:?){1,2}|(?:using|use|with)[ \t](?:${nouns}))[ \t]{1,4}(?<secret>${twoWords})${ended}`,
  },
  {
    kind: 'cut-secret',
    literals: beginnings,
    pattern: String.raw`${start}(?:${beginnings.map(escaped).join('|')})(?=[A-Za-z_.$-]{0,40}\d|(?-i:[\w-]{0,40}[a-z][A-Z])|(?-i:[A-Z]{10}))[\w.$/+=-]{9,400}[\w/+=-]${cut}`,
    ignoreCase: true,
  },
  {
    kind: 'cut-secret',
    literals: issued.filter(isWord),
    random: true,
    pattern: String.raw`${start}(?:${issued.filter(isWord).join('|')})[\w-]{12,400}${cut}`,
  },
  {
    kind: 'cut-secret',
    literals: [':AA', '.atlasv1.', 'q~', 'v1.0-', 'oy2', 'dapi', 'key-', 'access-', 'access_token$', 'pat', 'sk-'],
    pattern: String.raw`(?<![\w~.-])(?:\d{8,11}:AA[\w-]{8,}|\w{14}\.atlasv1\.[\w-]{6,}|[\w~.]{3}\dQ~[\w~.-]{8,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{8,}|oy2[a-z0-9]{16,42}|dapi[0-9a-f]{10,}|key-[0-9a-f]{12,31}|access(?:-(?:production|sandbox|development)-[0-9a-f-]{8,}|_token\$\w{4,12}\$[0-9a-z]{8,16}(?:\$[0-9a-f]{0,31})?)|pat\w{14}\.[0-9a-f]{8,}|sk-(?=[A-Za-z]{0,20}\d)(?=\w{0,20}[A-Z])\w{14,})${cut}`,
  },
];
