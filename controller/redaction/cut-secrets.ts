import { keptRules } from './kept-rules.ts';
import { escaped, type FormRule } from './rule.ts';
import { formRules } from './rules.ts';
import { issued, isWord } from './token-prefixes.ts';

/** A text's end, the end of a string in it, or what is put where something was cut off. */
const cut = String.raw`(?=\\{0,16}["'\x60]|\s*$|…|\.{3}|\s{0,2}[[(<](?:cut|trunc|\.\.\.|\d{1,12} more))`;
const start = String.raw`(?:(?<![\w-])|(?<=\\[nrtbf]))`;

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
    pattern: String.raw`${start}(?:A[KS]IA(?=[A-Z2-7]{0,15}[2-7])[A-Z2-7]{3,15}|(?:AIza|npm_|SG\.|hf_)(?=[A-Za-z_-]{0,40}\d)(?=\w{0,40}[A-Z])[\w.-]{4,200}\w)${cut}`,
  },
  {
    // {"alg, {"typ, {"kid, {"cty, {"x5t, {"enc, {"jku: how the header of a JWT begins.
    kind: 'jwt',
    literals: ['eyJ'],
    pattern: String.raw`${start}eyJ(?:hbGc|0eXA|raWQ|jdHki|4NXQ|lbmMi|qa3Ui)[\w-]{2,2000}(?:\.[\w-]{0,4000}){0,4}${cut}`,
  },
  {
    // A URL that ends before the @ that its password ends with.
    kind: 'url-password',
    literals: ['://'],
    pattern: String.raw`:(?:\\*/){2}[\w.%+-]{0,100}:(?!\d{1,5}(?:[^\w]|$)|\[redacted:)(?<secret>[^\s/@:"'<>\\[\]{}()$…,;]{2,200})(?=\s*$|…|\.{3}|(?<=\d[^\s/@:]{0,40})(?:\r?\n|\\{1,8}[nr]|\\{0,8}"))`,
  },
  {
    kind: 'cut-secret',
    literals: beginnings,
    pattern: String.raw`${start}(?:${beginnings.map(escaped).join('|')})(?=[A-Za-z_.$-]{0,40}\d)[\w.$/+=-]{9,400}[\w/+=-]${cut}`,
    ignoreCase: true,
  },
  {
    kind: 'cut-secret',
    literals: [':AA', '.atlasv1.', 'q~', 'v1.0-', 'oy2', 'dapi', 'key-', 'access-', 'access_token$', 'pat', 'sk-'],
    pattern: String.raw`(?:(?<![\w~.-])|(?<=\\[nrtbf]))(?:\d{8,11}:AA[\w-]{8,}|\w{14}\.atlasv1\.[\w-]{6,}|[\w~.]{3}\dQ~[\w~.-]{8,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{8,}|oy2[a-z0-9]{16,42}|dapi[0-9a-f]{10,}|key-[0-9a-f]{12,31}|access(?:-(?:production|sandbox|development)-[0-9a-f-]{8,}|_token\$\w{4,12}\$[0-9a-z]{8,16}(?:\$[0-9a-f]{0,31})?)|pat\w{14}\.[0-9a-f]{8,}|sk-(?=[A-Za-z]{0,20}\d)(?=\w{0,20}[A-Z])\w{14,})${cut}`,
  },
];
