import type { Dice } from './dice.ts';
import type { NamedFormat } from './specimen.ts';

const password = (dice: Dice): string => dice.password();

/** What teams make for themselves: of no vendor's shape. */
export const ownValues: readonly NamedFormat[] = [
  {
    kind: 'database password',
    names: ['DB_PASSWORD', 'DATABASE_PASSWORD', 'db_password', 'dbPassword', 'DB_PASS', 'db.pwd'],
    make: password,
  },
  {
    kind: 'PostgreSQL password',
    names: ['POSTGRES_PASSWORD', 'PGPASSWORD', 'postgresql-password', 'pg_pass'],
    make: password,
  },
  {
    kind: 'MySQL password',
    names: ['MYSQL_ROOT_PASSWORD', 'MYSQL_PASSWORD', 'mysql_pwd', 'mysql-root-password'],
    make: password,
  },
  { kind: 'Redis password', names: ['REDIS_PASSWORD', 'redis.password', 'redisPassword'], make: password },
  { kind: 'queue password', names: ['RABBITMQ_DEFAULT_PASS', 'amqp_password', 'MQ_PASSWORD'], make: password },
  {
    kind: 'mail password',
    names: ['SMTP_PASSWORD', 'MAIL_PASSWORD', 'spring.mail.password', 'smtpPass'],
    make: password,
  },
  { kind: 'LDAP password', names: ['LDAP_BIND_PASSWORD', 'ldap_bind_pw', 'bindPassword'], make: password },
  {
    kind: 'administrator password',
    names: ['ADMIN_PASSWORD', 'GF_SECURITY_ADMIN_PASSWORD', 'admin_passwd', 'MINIO_ROOT_PASSWORD'],
    make: password,
  },
  {
    kind: 'key store password',
    names: ['KEYSTORE_PASSWORD', 'server.ssl.key-store-password', 'keyPassphrase', 'ssl_key_passphrase'],
    make: password,
  },
  { kind: 'variable of Terraform', names: ['TF_VAR_db_password', 'TF_VAR_admin_password'], make: password },
  {
    kind: 'password of Ansible',
    names: ['ANSIBLE_VAULT_PASSWORD', 'ansible_become_password', 'ansible_ssh_pass'],
    make: password,
  },
  {
    kind: 'signing secret',
    names: ['JWT_SECRET', 'jwt.secret', 'jwtSecret', 'JWT_SIGNING_KEY', 'TOKEN_SECRET'],
    make: (dice) => dice.pick([() => dice.urlSafe(43), () => dice.base64(32), () => dice.humanPassword()])(),
  },
  { kind: 'secret key of Rails', names: ['SECRET_KEY_BASE', 'secret_key_base'], make: (dice) => dice.hex(128) },
  { kind: 'application key of Laravel', names: ['APP_KEY'], make: (dice) => `base64:${dice.base64(32)}` },
  {
    kind: 'secret key of Django',
    names: ['SECRET_KEY', 'DJANGO_SECRET_KEY'],
    make: (dice) => dice.of('abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)', 50),
  },
  {
    kind: 'session secret',
    names: ['SESSION_SECRET', 'NEXTAUTH_SECRET', 'COOKIE_SECRET', 'sessionSecret'],
    make: (dice) => dice.base64(32),
  },
  {
    kind: 'encryption key',
    names: ['ENCRYPTION_KEY', 'DATA_ENCRYPTION_KEY', 'encryptionKey', 'MASTER_KEY'],
    make: (dice) => dice.pick([() => dice.hex(64), () => dice.base64(32)])(),
  },
  {
    kind: 'webhook secret',
    names: ['WEBHOOK_SECRET', 'GITHUB_WEBHOOK_SECRET', 'webhookSecret'],
    make: (dice) => dice.hex(40),
  },
  {
    kind: 'API key',
    names: ['API_KEY', 'apiKey', 'api-key', 'X-Api-Key', 'PAYMENTS_API_KEY', 'apikey'],
    make: (dice) => dice.pick([() => dice.base62(32), () => dice.hex(40), () => dice.uuid()])(),
  },
  {
    kind: 'access token',
    names: ['ACCESS_TOKEN', 'access_token', 'accessToken', 'auth_token', 'AUTH_TOKEN', 'X-Auth-Token'],
    make: (dice) => dice.urlSafe(48),
  },
  {
    kind: 'refresh token',
    names: ['refresh_token', 'refreshToken', 'REFRESH_TOKEN'],
    make: (dice) => dice.urlSafe(64),
  },
  { kind: 'pass phrase', names: ['PASSPHRASE', 'passphrase', 'gpg_passphrase'], make: (dice) => dice.humanPassword() },
  {
    kind: 'private key in hexadecimal',
    names: ['PRIVATE_KEY', 'WALLET_PRIVATE_KEY', 'privateKey'],
    make: (dice) => `0x${dice.hex(64)}`,
  },
];
