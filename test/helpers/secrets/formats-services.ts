import type { NamedFormat, TokenFormat } from './specimen.ts';

const forges: readonly TokenFormat[] = [
  { kind: 'GitHub classic token', make: (dice) => `ghp_${dice.base62(36)}` },
  { kind: 'GitHub OAuth token', make: (dice) => `gho_${dice.base62(36)}` },
  { kind: 'GitHub user-to-server token', make: (dice) => `ghu_${dice.base62(36)}` },
  { kind: 'GitHub installation token', make: (dice) => `ghs_${dice.base62(36)}` },
  { kind: 'GitHub refresh token', make: (dice) => `ghr_${dice.base62(76)}` },
  { kind: 'GitHub fine-grained token', make: (dice) => `github_pat_${dice.base62(22)}_${dice.base62(59)}` },
  { kind: 'GitLab personal token', make: (dice) => `glpat-${dice.urlSafe(20)}` },
  { kind: 'GitLab runner token', make: (dice) => `glrt-${dice.urlSafe(20)}` },
  { kind: 'GitLab trigger token', make: (dice) => `glptt-${dice.hex(40)}` },
  { kind: 'GitLab deploy token', make: (dice) => `gldt-${dice.urlSafe(20)}` },
  { kind: 'GitLab job token', make: (dice) => `glcbt-${dice.alnum(2)}_${dice.urlSafe(20)}` },
  { kind: 'Bitbucket app password', make: (dice) => `ATBB${dice.base62(32)}` },
  { kind: 'Atlassian API token', make: (dice) => `ATATT3xFfGF0${dice.urlSafe(172)}=${dice.hex(8).toUpperCase()}` },
];

const chat: readonly TokenFormat[] = [
  { kind: 'Slack bot token', make: (dice) => `xoxb-${dice.digits(12)}-${dice.digits(13)}-${dice.base62(24)}` },
  {
    kind: 'Slack user token',
    make: (dice) => `xoxp-${dice.digits(12)}-${dice.digits(12)}-${dice.digits(13)}-${dice.hex(32)}`,
  },
  {
    kind: 'Slack app token',
    make: (dice) => `xapp-1-A${dice.base32(10)}-${dice.digits(13)}-${dice.hex(64)}`,
    secret: (value) => value.split('-').at(-1) ?? value,
  },
  {
    kind: 'Discord bot token',
    make: (dice) =>
      `${Buffer.from(`1${dice.digits(17)}`).toString('base64url')}.G${dice.base62(5)}.${dice.urlSafe(38)}`,
    secret: (value) => value.split('.').at(-1) ?? value,
  },
  {
    kind: 'Telegram bot token',
    make: (dice) => `${dice.int(1, 9)}${dice.digits(9)}:AA${dice.urlSafe(33)}`,
    secret: (value) => value.split(':').at(-1) ?? value,
  },
];

const money: readonly TokenFormat[] = [
  { kind: 'Stripe secret key', make: (dice) => `sk_live_${dice.base62(dice.pick([24, 99]))}` },
  { kind: 'Stripe restricted key', make: (dice) => `rk_live_${dice.base62(24)}` },
  { kind: 'Stripe test key', make: (dice) => `sk_test_${dice.base62(24)}` },
  { kind: 'Stripe webhook secret', make: (dice) => `whsec_${dice.base62(32)}` },
  { kind: 'Square access token', make: (dice) => `EAAA${dice.urlSafe(60)}` },
  { kind: 'Square application secret', make: (dice) => `sq0csp-${dice.urlSafe(43)}` },
  { kind: 'Braintree access token', make: (dice) => `access_token$production$${dice.alnum(16)}$${dice.hex(32)}` },
  { kind: 'Plaid access token', make: (dice) => `access-production-${dice.uuid()}` },
];

const models: readonly TokenFormat[] = [
  { kind: 'Anthropic API key', make: (dice) => `sk-ant-api03-${dice.urlSafe(93)}AA` },
  { kind: 'OpenAI project key', make: (dice) => `sk-proj-${dice.urlSafe(74)}T3BlbkFJ${dice.urlSafe(74)}` },
  { kind: 'OpenAI key', make: (dice) => `sk-${dice.base62(20)}T3BlbkFJ${dice.base62(20)}` },
  { kind: 'Hugging Face token', make: (dice) => `hf_${dice.base62(34)}` },
  { kind: 'Replicate token', make: (dice) => `r8_${dice.base62(37)}` },
  { kind: 'Groq key', make: (dice) => `gsk_${dice.base62(52)}` },
  { kind: 'xAI key', make: (dice) => `xai-${dice.base62(80)}` },
  { kind: 'Perplexity key', make: (dice) => `pplx-${dice.base62(48)}` },
];

const registries: readonly TokenFormat[] = [
  { kind: 'npm token', make: (dice) => `npm_${dice.base62(36)}` },
  {
    kind: 'PyPI token',
    make: (dice) => `pypi-${Buffer.from('\u0002\u0001\u0008pypi.org').toString('base64url')}${dice.urlSafe(150)}`,
  },
  { kind: 'RubyGems key', make: (dice) => `rubygems_${dice.hex(48)}` },
  { kind: 'NuGet key', make: (dice) => `oy2${dice.alnum(43)}` },
  { kind: 'Docker Hub token', make: (dice) => `dckr_pat_${dice.urlSafe(27)}` },
  { kind: 'Artifactory key', make: (dice) => `AKCp${dice.base62(69)}` },
];

const observing: readonly TokenFormat[] = [
  { kind: 'New Relic user key', make: (dice) => `NRAK-${dice.base32(27)}` },
  { kind: 'New Relic licence key', make: (dice) => `${dice.hex(36)}NRAL` },
  { kind: 'Grafana service account token', make: (dice) => `glsa_${dice.base62(32)}_${dice.hex(8)}` },
  {
    kind: 'Grafana Cloud token',
    make: (dice) =>
      `glc_${Buffer.from(JSON.stringify({ o: dice.digits(6), n: 'agent', k: dice.base62(24), m: { r: 'eu' } })).toString('base64')}`,
  },
  { kind: 'Sentry user token', make: (dice) => `sntryu_${dice.hex(64)}` },
  {
    kind: 'Dynatrace token',
    make: (dice) => `dt0c01.${dice.base32(24)}.${dice.base32(64)}`,
    secret: (value) => value.split('.').at(-1) ?? value,
  },
];

const others: readonly TokenFormat[] = [
  { kind: 'SendGrid key', make: (dice) => `SG.${dice.urlSafe(22)}.${dice.urlSafe(43)}` },
  { kind: 'Mailgun key', make: (dice) => `key-${dice.hex(32)}` },
  { kind: 'Mailchimp key', make: (dice) => `${dice.hex(32)}-us${dice.int(1, 21)}` },
  { kind: 'Linear key', make: (dice) => `lin_api_${dice.base62(40)}` },
  { kind: 'Notion token', make: (dice) => `ntn_${dice.digits(11)}${dice.base62(35)}` },
  { kind: 'Airtable token', make: (dice) => `pat${dice.base62(14)}.${dice.hex(64)}` },
  { kind: 'SonarQube token', make: (dice) => `squ_${dice.hex(40)}` },
  { kind: 'Buildkite token', make: (dice) => `bkua_${dice.hex(40)}` },
  { kind: 'Figma token', make: (dice) => `figd_${dice.urlSafe(40)}` },
  {
    kind: 'JSON web token',
    make: (dice) => dice.jwt({ sub: dice.digits(10), name: dice.word(), iat: 1_767_225_600 }),
    secret: (value) => value.split('.').at(-1) ?? value,
  },
  {
    kind: 'Kubernetes service account token',
    make: (dice) =>
      dice.jwt({
        iss: 'https://kubernetes.default.svc',
        sub: `system:serviceaccount:shop:${dice.word()}`,
        aud: ['api'],
        exp: 1_798_761_600,
      }),
    secret: (value) => value.split('.').at(-1) ?? value,
  },
];

export const serviceTokens: readonly TokenFormat[] = [
  ...forges,
  ...chat,
  ...money,
  ...models,
  ...registries,
  ...observing,
  ...others,
];

export const serviceValues: readonly NamedFormat[] = [
  { kind: 'Twilio auth token', names: ['TWILIO_AUTH_TOKEN', 'twilio_auth_token'], make: (dice) => dice.hex(32) },
  {
    kind: 'PayPal client secret',
    names: ['PAYPAL_CLIENT_SECRET', 'paypal.client.secret'],
    make: (dice) => `E${dice.urlSafe(79)}`,
  },
  {
    kind: 'Adyen API key',
    names: ['ADYEN_API_KEY', 'adyenApiKey'],
    make: (dice) => `AQE${dice.base64(90)}-${dice.base64(32)}-${dice.base62(16)}`,
  },
  { kind: 'Datadog API key', names: ['DD_API_KEY', 'DATADOG_API_KEY', 'dd-api-key'], make: (dice) => dice.hex(32) },
  { kind: 'Datadog application key', names: ['DD_APP_KEY', 'DD_APPLICATION_KEY'], make: (dice) => dice.hex(40) },
  {
    kind: 'PagerDuty key',
    names: ['PAGERDUTY_API_KEY', 'PAGERDUTY_TOKEN', 'pagerduty_service_key'],
    make: (dice) => dice.base62(20),
  },
  { kind: 'Splunk HEC token', names: ['SPLUNK_HEC_TOKEN', 'splunk_hec_token'], make: (dice) => dice.uuid() },
  { kind: 'Algolia admin key', names: ['ALGOLIA_ADMIN_KEY', 'ALGOLIA_API_KEY'], make: (dice) => dice.hex(32) },
  { kind: 'Okta token', names: ['OKTA_API_TOKEN', 'OKTA_CLIENT_TOKEN'], make: (dice) => `00${dice.urlSafe(40)}` },
  {
    kind: 'Auth0 client secret',
    names: ['AUTH0_CLIENT_SECRET', 'clientSecret', 'client_secret'],
    make: (dice) => dice.urlSafe(64),
  },
  { kind: 'Jenkins API token', names: ['JENKINS_API_TOKEN', 'JENKINS_TOKEN'], make: (dice) => `11${dice.hex(32)}` },
  { kind: 'Codecov token', names: ['CODECOV_TOKEN'], make: (dice) => dice.uuid() },
  {
    kind: 'GitLab CI job token',
    names: ['CI_JOB_TOKEN', 'CI_REGISTRY_PASSWORD', 'CI_DEPLOY_PASSWORD'],
    make: (dice) => dice.base62(24),
  },
  { kind: 'Gitea token', names: ['GITEA_TOKEN', 'gitea_token'], make: (dice) => dice.hex(40) },
  { kind: 'Mailjet secret', names: ['MJ_APIKEY_PRIVATE', 'MAILJET_SECRET_KEY'], make: (dice) => dice.hex(32) },
];
