import type { SecretReference } from './secrets.ts';

/** Why the credentials that a map refers to cannot be used; `name` is the reason for a condition. Never holds any data of them. */
export abstract class SecretError extends Error {
  /** `Secret <namespace>/<name>` */
  readonly object: string;
  /** The field that is to be mended: of the map, or of the Secret itself. */
  readonly field: string;

  constructor(reference: SecretReference, field: string, problem: string, options?: ErrorOptions) {
    const object = `Secret ${reference.namespace}/${reference.name}`;
    super(`${reference.field}: ${object} ${problem}`, options);
    this.name = new.target.name;
    this.object = object;
    this.field = field;
  }
}

/** There is no such Secret in the map's own namespace. */
export class SecretMissing extends SecretError {
  constructor(reference: SecretReference) {
    super(reference, reference.field, 'is not there');
  }
}

/** The Secret's owner has not said that the operator may use it. */
export class SecretNotLabelled extends SecretError {
  constructor(reference: SecretReference) {
    super(reference, 'metadata.labels["threehops.dev/use"]', 'has no label threehops.dev/use=true');
  }
}

/** The Secret's owner has not said where its credentials may be sent. */
export class SecretHostNotAllowed extends SecretError {
  constructor(reference: SecretReference) {
    super(
      reference,
      'metadata.annotations["threehops.dev/allowed-hosts"]',
      'names no host in its annotation threehops.dev/allowed-hosts',
    );
  }
}

/** It is there and does not hold what it is for. */
export class SecretKeyMissing extends SecretError {
  constructor(reference: SecretReference, key: string) {
    super(reference, `data.${key}`, `holds no ${key}`);
  }
}

/** The API server did not give it out: no Role in that namespace, or no answer. */
export class SecretUnreadable extends SecretError {
  constructor(reference: SecretReference, options: ErrorOptions) {
    super(reference, reference.field, 'cannot be read', options);
  }
}
