import { hostNames } from './peers.ts';

/** What of a container decides what it runs and whom it talks to. */
export interface Setting {
  readonly image?: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface WantedSetting {
  readonly image?: string | undefined;
  /** Null where it is unset; undefined where its value is taken from where it stood before. */
  readonly environment: readonly { readonly name: string; readonly value?: string | null | undefined }[];
}

/** Numbers and switches: whatever they are set to, nobody else's code is run and nobody else is talked to. */
const plain = /^(-?\d+(\.\d+)?[a-z%]{0,3}|true|false|on|off|yes|no)?$/i;

/**
 * What is wanted and never ran here: an image of a repository from which none was, and values of variables that they never had. Whoever
 * has a model read what he writes may have had it say so.
 */
export function unfamiliar({ image, environment }: WantedSetting, ran: readonly Setting[]): readonly string[] {
  const repositories = ran.map((one) => repositoryOf(one.image ?? ''));
  const isStrange = image !== undefined && !repositories.includes(repositoryOf(image));
  const values = environment.filter(
    ({ name, value }) =>
      typeof value === 'string' && !isPlain(name, value) && !ran.some((one) => one.environment[name] === value),
  );
  return [
    ...(isStrange ? ['the image is of a repository from which none has run here'] : []),
    ...values.map(({ name }) => `${name} has never had this value here`),
  ];
}

/** A number can be an address as well, written in another way. */
function isPlain(name: string, value: string): boolean {
  return plain.test(value) && !hostNames.test(name) && !(Number(value) >= 2 ** 24);
}

/** Without tag and digest. */
function repositoryOf(image: string): string {
  const [name = ''] = image.split('@');
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  return colon < 0 ? name : name.slice(0, colon);
}
