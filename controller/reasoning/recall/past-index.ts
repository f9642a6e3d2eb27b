import MiniSearch from 'minisearch';
import type { EvidenceBundle } from '../../evidence/bundle.ts';
import type { Past } from './past.ts';
import { shownIn } from './shown.ts';
import { distinctTerms, termsOf } from './terms.ts';

/** A past session, and how like the bundle's it is, against the likest: in (0, 1]. */
export interface Alike {
  readonly past: Past;
  readonly likeness: number;
}

interface Entry {
  readonly uid: string;
  readonly symptom: string;
  readonly findings: string;
  readonly cause: string;
  readonly told: string;
}

/** Where and what kind it was tells more than in which words. */
const boost = { findings: 3, cause: 2, symptom: 1, told: 1 };

/** Past sessions by symptom, findings and cause. What is put in or taken out changes the index by that alone. */
export class PastIndex {
  readonly #search = new MiniSearch<Entry>({
    idField: 'uid',
    fields: Object.keys(boost),
    tokenize: termsOf,
    processTerm: (term) => term,
    // It would run on timers of its own; what is taken out here is taken out at once.
    autoVacuum: false,
  });
  readonly #pasts = new Map<string, Past>();

  put(past: Past): void {
    this.remove(past.uid);
    this.#pasts.set(past.uid, past);
    this.#search.add(entryOf(past));
  }

  remove(uid: string): void {
    const past = this.#pasts.get(uid);
    if (past === undefined) return;
    this.#pasts.delete(uid);
    this.#search.remove(entryOf(past));
  }

  all(): Iterable<Past> {
    return this.#pasts.values();
  }

  /**
   * Those in which something was tried and which are like the bundle's session, the likest first. Without a kind of finding in common
   * none is, however alike the words are.
   */
  likest(bundle: EvidenceBundle, most: number): readonly Alike[] {
    const eligible = this.#teaching(bundle);
    const found = this.#search.search(questionOf(bundle), {
      boost,
      tokenize: (text) => text.split(' '),
      // With 0 a document is passed over before it is scored.
      boostDocument: (uid: string) => (eligible.has(uid) ? 1 : 0),
    });
    const scored = found.flatMap(({ id, score }) => {
      const past = eligible.get(String(id));
      return past === undefined ? [] : [{ past, score }];
    });
    const best = Math.max(0, ...scored.map(({ score }) => score));
    return scored
      .map(({ past, score }) => ({ past, likeness: Math.max(0.001, Math.round((score / best) * 1000) / 1000) }))
      .toSorted(byLikeness)
      .slice(0, most);
  }

  #teaching(bundle: EvidenceBundle): ReadonlyMap<string, Past> {
    const shown = new Set(shownIn(bundle).map(({ kind }) => kind));
    const teaches = ({ uid, worked, failed, kinds }: Past): boolean =>
      uid !== bundle.session.uid && worked.length + failed.length > 0 && kinds.some((kind) => shown.has(kind));
    return new Map([...this.#pasts].filter(([, past]) => teaches(past)));
  }
}

/** The symptom, and the worst of what was found. */
function questionOf(bundle: EvidenceBundle): string {
  const told = shownIn(bundle).flatMap(({ kind, node, summary }) => [kind, node, summary]);
  return distinctTerms([bundle.symptom.description, bundle.symptom.node, ...told]).join(' ');
}

const mostTold = 1500;

function entryOf({ uid, symptom, rootCause, kinds, nodes, told }: Past): Entry {
  return {
    uid,
    symptom,
    findings: [...kinds, ...nodes].join(' '),
    cause: `${rootCause.kind} ${rootCause.node}`,
    told: told.join(' ').slice(0, mostTold),
  };
}

/** Of those equally alike the latest, then by name: the same past gives the same answer in whatever order it was read. */
function byLikeness(a: Alike, b: Alike): number {
  return b.likeness - a.likeness || compare(b.past.endedAt, a.past.endedAt) || compare(a.past.session, b.past.session);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
