import { deepFreeze } from './freeze.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from './object.ts';

/** The values under which an object is found in an index. */
export type Indexer<T> = (object: T) => readonly string[];

/** What changed in the store. `replaced` is the object that was there before under the same name and UID. */
export type Change<T> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'updated'; readonly object: T; readonly replaced: T }
  | { readonly type: 'deleted'; readonly object: T };

/** Reading a store. Every object is frozen: a caller that wants to change one makes a copy. */
export interface Reader<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  /** All, or all of a namespace. */
  list(namespace?: string): readonly T[];
  /** Those which the named index files under `value`; throws TypeError for an index that there is not. */
  byIndex(index: string, value: string): readonly T[];
  readonly size: number;
}

const byOwner = 'owner';
const byNamespace = 'namespace';

/** Objects by name, with indexes. Two are always there: `owner` (UID of any owner) and `namespace`. */
export class Store<T extends KubeObject> implements Reader<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexers: ReadonlyMap<string, Indexer<T>>;
  readonly #indexes = new Map<string, Map<string, Set<string>>>();
  readonly #onIndexError: (error: unknown) => void;

  /** An object whose indexer throws is kept and is in that index nowhere; `onIndexError` is told. */
  constructor(
    indexers: Readonly<Record<string, Indexer<T>>> = {},
    onIndexError: (error: unknown) => void = () => undefined,
  ) {
    this.#onIndexError = onIndexError;
    this.#indexers = new Map<string, Indexer<T>>([
      [byOwner, (object) => (object.metadata?.ownerReferences ?? []).map((owner) => owner.uid)],
      [byNamespace, (object) => [object.metadata?.namespace ?? '']],
      ...Object.entries(indexers),
    ]);
    for (const index of this.#indexers.keys()) this.#indexes.set(index, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(keyText(key));
  }

  list(namespace?: string): readonly T[] {
    return namespace === undefined ? [...this.#objects.values()] : this.byIndex(byNamespace, namespace);
  }

  byIndex(index: string, value: string): readonly T[] {
    const values = this.#indexes.get(index);
    if (values === undefined) throw new TypeError(`there is no index ${index}`);
    const found: T[] = [];
    for (const key of values.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  /** Objects that name this UID among their owners. */
  ownedBy(uid: string): readonly T[] {
    return this.byIndex(byOwner, uid);
  }

  /**
   * Puts an object in, frozen, and tells what that changed. One of the same name and another UID is another object: the old one was
   * deleted and this one created while nobody looked.
   */
  put(object: T): readonly Change<T>[] {
    const key = keyOf(object);
    const replaced = this.#objects.get(key);
    if (replaced !== undefined) this.#unfile(key, replaced);
    this.#objects.set(key, deepFreeze(object));
    this.#file(key, object);
    if (replaced === undefined) return [{ type: 'added', object }];
    if (replaced.metadata?.uid === object.metadata?.uid) return [{ type: 'updated', object, replaced }];
    return [
      { type: 'deleted', object: replaced },
      { type: 'added', object },
    ];
  }

  /** Takes an object out. Nothing happens when another UID now has its name. */
  remove(object: T): readonly Change<T>[] {
    const key = keyOf(object);
    const present = this.#objects.get(key);
    if (present === undefined || present.metadata?.uid !== object.metadata?.uid) return [];
    this.#unfile(key, present);
    this.#objects.delete(key);
    return [{ type: 'deleted', object: deepFreeze(object) }];
  }

  /** Makes the store (of one namespace, if given) hold exactly these; unchanged ones are no change. */
  replace(objects: readonly T[], namespace?: string): readonly Change<T>[] {
    const wanted = new Set(objects.map(keyOf));
    const gone = this.list(namespace).filter((present) => !wanted.has(keyOf(present)));
    const changes = gone.flatMap((present) => this.remove(present));
    return [...changes, ...objects.flatMap((object) => (this.#isSame(object) ? [] : this.put(object)))];
  }

  #isSame(object: T): boolean {
    const present = this.#objects.get(keyOf(object))?.metadata;
    return (
      present !== undefined &&
      present.uid === object.metadata?.uid &&
      present.resourceVersion === object.metadata?.resourceVersion
    );
  }

  #file(key: string, object: T): void {
    for (const [index, valuesOf] of this.#indexers) {
      const values = this.#indexes.get(index);
      for (const value of this.#valuesOf(valuesOf, object)) {
        const keys = values?.get(value);
        if (keys === undefined) values?.set(value, new Set([key]));
        else keys.add(key);
      }
    }
  }

  #unfile(key: string, object: T): void {
    for (const [index, valuesOf] of this.#indexers) {
      const values = this.#indexes.get(index);
      for (const value of this.#valuesOf(valuesOf, object)) {
        const keys = values?.get(value);
        keys?.delete(key);
        if (keys?.size === 0) values?.delete(value);
      }
    }
  }

  #valuesOf(indexer: Indexer<T>, object: T): readonly string[] {
    try {
      return indexer(object);
    } catch (error) {
      this.#onIndexError(error);
      return [];
    }
  }
}
