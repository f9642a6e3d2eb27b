import type { SecretReader } from '../mcp/secrets.ts';
import type { KnownSecrets } from '../redaction/known-secrets.ts';
import { secretNameKind } from '../redaction/secret-names.ts';

/** Keys of a Secret that say whose it is or where it goes: their values are in every log. */
const plain =
  /^(?:.*[_.-])?(?:user(?:[_-]?name)?|login|e?mail|host(?:name)?|port|address|endpoint|url|uri|database|db(?:name)?|schema|region|account(?:[_-]?id)?|namespace|service|ca\.crt|tls\.crt|cert(?:ificate)?|type|mode|scope|sslmode|.*[_-]?id)$/i;
const passwordInUrl = /:\/\/[^\s/:@]*:(?<password>[^\s/@]+)@/;

/** A reader of Secrets whose values are from then on taken out of whatever leaves this process. */
export function remembering(reader: SecretReader, known: KnownSecrets): SecretReader {
  return {
    async get(namespace, name, signal) {
      const secret = await reader.get(namespace, name, signal);
      for (const [key, encoded] of Object.entries(secret?.data ?? {}))
        remember(key, Buffer.from(encoded, 'base64').toString('utf8'), known, namespace);
      return secret;
    },
  };
}

function remember(key: string, value: string, known: KnownSecrets, namespace: string): void {
  const { password } = passwordInUrl.exec(value)?.groups ?? {};
  if (password !== undefined) known.add(password, namespace);
  if (!plain.test(key)) known.add(value, namespace);
}

/** What the process was started with: credentials of the cloud and of proxies. */
export function rememberEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  known: KnownSecrets,
): void {
  for (const [name, value = ''] of Object.entries(environment)) {
    const { password } = passwordInUrl.exec(value)?.groups ?? {};
    if (password !== undefined) known.add(password);
    if (secretNameKind(name) !== undefined) known.add(value);
  }
}
