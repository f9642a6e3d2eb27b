import { type FormRule } from './rule.ts';
import { prefixed, start } from './rules.ts';

/** How tokens of further issuers begin; the kept rule set, which names some of them better, is asked before. */
export const issued =
  'sq0csp- sq0atp- sq0idp- tskey-auth- tskey-api- tskey-client- tskey-webhook- tskey-scim- ATATT3 ATCTT3xFf HRKU- AKCp EAAA pplx- rubygems_ pul- duffel_ shippo_ clojars_ pscale_ ntn_ secret_ glc_ nvapi- ghapp_ sgp_ xkeysib- xsmtpsib- FLWSECK- rzp_live_ rzp_test_ sk_prod_ ops_eyJ mfa. amzn1.oa2-cs. dapi esec_ esecd_ tok_live_ re_ lsk_ wnv_ napi_ cfat_ cfut_ hcp_ jina_ fc- voyage- pa- csk- fw_ e2b_ ak_live_ rnd_ railway_ sntrys_ phc_ phs_ logfire_ pylf_ neon_ tvly- ubi_ usr_live_ whk_ evk_ dtoken- dt0s01. dt0s16. shpua_ PRVTKN- CFPAT- pnu_ rdme_ tfp_ fio-u- sm_aat_ sm_pat_ cio_ b1_ CLOJARS_ pcsk_ y0_Ag t1.9eu'.split(
    ' ',
  );

/** What names of other things begin with as well. */
export function isWord(prefix: string): boolean {
  return /^[a-z]{1,6}[-_]$/.test(prefix);
}

const body = String.raw`(?=[A-Za-z_.$-]{0,60}\d)[\w.$-]{23,}[\w=]`;

/** Tokens that tell by their beginning or their shape what they are. */
export const issuedRules: readonly FormRule[] = [
  prefixed(
    'api-key',
    issued.filter((one) => !isWord(one)),
    body,
  ),
  { ...prefixed('api-key', issued.filter(isWord), body), random: true },
  // Base64 with all of its signs.
  prefixed(
    'api-key',
    ['fm1_', 'fm1r_', 'fm1a_', 'fm2_', 'sntrys_'],
    String.raw`(?=[A-Za-z_.$+/-]{0,60}\d)[\w+/=-]{24,}`,
  ),
  // Base62, and longer than anything else that begins so.
  prefixed('api-key', ['EAA'], '[A-Za-z0-9]{90,}'),
  prefixed('api-key', ['AAAAAAAAAAAAAAAAAA'], '(?=[A-Za-z0-9]{20,200}%)(?:[A-Za-z0-9]|%2[BbFf]|%3[Dd]){60,}'),
  prefixed('api-key', ['AAAA'], String.raw`[\w-]{7}:[\w-]{100,}`),
  prefixed('api-key', ['AQE'], String.raw`[\w+/]{50,}={0,2}-[\w+/]{30,}={0,2}-[^\s"'\\]{10,}`),
  prefixed('api-key', ['K10'], String.raw`[0-9a-f]{64}::[\w.-]{1,60}:[\w.-]{6,}`),
  prefixed('api-key', ['SUA', 'SAA', 'SOA'], '[A-Z2-7]{55}(?![A-Z0-9])'),
  prefixed('api-key', ['sdk-', 'mob-'], '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
  prefixed('api-key', ['token-'], '[a-z0-9]{5}:[a-z0-9]{54}(?![a-z0-9])'),
  prefixed('api-key', ['1/', '2/'], String.raw`\d{13,20}(?:/\d{13,20})?:[0-9a-f]{32}(?!\w)`),
  // A private key as Bitcoin's wallets import it; longer than other names in Base58.
  {
    kind: 'private-key',
    literals: ['5H', '5J', '5K', 'Kw', 'Kx', 'Ky', 'Kz', 'L1', 'L2', 'L3', 'L4', 'L5'],
    random: true,
    pattern: String.raw`(?<![\w/+-])(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|(?:K[w-z]|L[1-5])[1-9A-HJ-NP-Za-km-z]{50})(?![\w/+=-])`,
  },
  {
    kind: 'api-key',
    literals: ['routing'],
    pattern: String.raw`(?<![A-Za-z])(?:routing|integration)[_-]?[Kk]ey(?:\\{0,16}["'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\{0,16}["'])?(?<secret>(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32})(?![\w.-])`,
  },
  {
    kind: 'ansible-vault',
    literals: ['$ANSIBLE_VAULT;'],
    pattern: String.raw`\$ANSIBLE_VAULT;[\d.]{1,6};\w{1,12}(?:;[\w.-]{1,60})?(?<secret>(?:(?:[ \t]|\r?\n|\\{1,16}[nr]){1,40}[0-9a-f]{40,80}){1,2000}(?:(?:[ \t]|\r?\n|\\{1,16}[nr]){1,40}[0-9a-f]{2,80}(?![\w-]))?)`,
  },
  // The environment stands in the middle.
  {
    kind: 'api-key',
    literals: ['access'],
    pattern: String.raw`${start}access(?:-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f-]{27}|_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32})`,
  },
  { kind: 'api-key', literals: ['-us'], pattern: `${start}${String.raw`[0-9a-f]{32}-us\d{1,2}(?![\w-])`}` },
  { kind: 'api-key', literals: ['NRAL'], pattern: `${start}${String.raw`[0-9a-f]{36}NRAL(?!\w)`}` },
  { kind: 'api-key', literals: ['pat'], pattern: `${start}${String.raw`pat\w{14}\.[0-9a-f]{64}`}` },
  // An application's secret of Azure, a token of Terraform Cloud: the sign stands in the middle.
  { kind: 'api-key', literals: ['q~'], pattern: String.raw`(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])` },
];
