import type { NamedFormat, TokenFormat } from './specimen.ts';

export const cloudTokens: readonly TokenFormat[] = [
  { kind: 'Google API key', make: (dice) => `AIza${dice.urlSafe(35)}` },
  { kind: 'Google OAuth client secret', make: (dice) => `GOCSPX-${dice.urlSafe(28)}` },
  { kind: 'Google OAuth access token', make: (dice) => `ya29.a0${dice.urlSafe(150)}` },
  { kind: 'DigitalOcean token', make: (dice) => `dop_v1_${dice.hex(64)}` },
  { kind: 'Cloudflare origin CA key', make: (dice) => `v1.0-${dice.hex(24)}-${dice.hex(146)}` },
  { kind: 'Heroku API key', make: (dice) => `HRKU-AA${dice.urlSafe(58)}` },
  { kind: 'Azure client secret', make: (dice) => `${dice.base62(3)}8Q~${dice.urlSafe(34)}` },
  { kind: 'Fly.io token', make: (dice) => `fm2_${dice.base64(120).replaceAll('=', '')}` },
  { kind: 'Netlify token', make: (dice) => `nfp_${dice.base62(36)}` },
  { kind: 'Databricks token', make: (dice) => `dapi${dice.hex(32)}` },
  { kind: 'Supabase token', make: (dice) => `sbp_${dice.hex(40)}` },
  { kind: 'PlanetScale password', make: (dice) => `pscale_pw_${dice.urlSafe(43)}` },
  { kind: 'Doppler token', make: (dice) => `dp.pt.${dice.base62(43)}` },
  { kind: 'Pulumi token', make: (dice) => `pul-${dice.hex(40)}` },
  { kind: 'Terraform Cloud token', make: (dice) => `${dice.base62(14)}.atlasv1.${dice.urlSafe(67)}` },
  { kind: 'Vault service token', make: (dice) => `hvs.${dice.urlSafe(95)}` },
  { kind: 'Tailscale key', make: (dice) => `tskey-auth-${dice.base62(12)}CNTRL-${dice.base62(32)}` },
  {
    kind: '1Password service account token',
    make: (dice) =>
      `ops_${Buffer.from(JSON.stringify({ email: `${dice.word()}@example.com`, secret: dice.hex(64) })).toString('base64url')}`,
  },
  { kind: 'Shopify token', make: (dice) => `shpat_${dice.hex(32)}` },
  { kind: 'age identity', make: (dice) => `AGE-SECRET-KEY-1${dice.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}` },
];

export const cloudValues: readonly NamedFormat[] = [
  {
    kind: 'AWS secret access key',
    names: ['AWS_SECRET_ACCESS_KEY', 'aws_secret_access_key', 'secretAccessKey', 'SecretAccessKey'],
    make: (dice) => dice.base64(30),
  },
  {
    kind: 'AWS session token',
    names: ['AWS_SESSION_TOKEN', 'aws_session_token', 'SessionToken'],
    make: (dice) => `IQoJb3JpZ2luX2Vj${dice.base64(240)}`,
  },
  {
    kind: 'Alibaba Cloud secret',
    names: ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'accessKeySecret'],
    make: (dice) => dice.base62(30),
  },
  {
    kind: 'Cloudflare API token',
    names: ['CLOUDFLARE_API_TOKEN', 'CF_API_TOKEN', 'CF_API_KEY'],
    make: (dice) => dice.urlSafe(40),
  },
  { kind: 'Heroku API key of old', names: ['HEROKU_API_KEY'], make: (dice) => dice.uuid() },
  { kind: 'Azure DevOps token', names: ['AZURE_DEVOPS_EXT_PAT', 'AZURE_DEVOPS_TOKEN'], make: (dice) => dice.alnum(52) },
  { kind: 'Azure storage key', names: ['AZURE_STORAGE_KEY', 'storage_account_key'], make: (dice) => dice.base64(64) },
  { kind: 'Hetzner token', names: ['HCLOUD_TOKEN'], make: (dice) => dice.base62(64) },
  { kind: 'Scaleway secret key', names: ['SCW_SECRET_KEY'], make: (dice) => dice.uuid() },
  { kind: 'IBM Cloud API key', names: ['IBMCLOUD_API_KEY', 'ibmcloud_api_key'], make: (dice) => dice.urlSafe(44) },
  { kind: 'Vercel token', names: ['VERCEL_TOKEN'], make: (dice) => dice.base62(24) },
  { kind: 'Consul token', names: ['CONSUL_HTTP_TOKEN', 'X-Consul-Token'], make: (dice) => dice.uuid() },
  { kind: 'Vault token of old', names: ['VAULT_TOKEN', 'X-Vault-Token'], make: (dice) => `s.${dice.base62(24)}` },
  { kind: 'Nomad token', names: ['NOMAD_TOKEN'], make: (dice) => dice.uuid() },
];
