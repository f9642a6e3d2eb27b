import type { Approval, DebugSession, ServiceTopology } from '../../../controller/api/kinds.ts';
import type { Clock } from '../../../controller/kube/clock.ts';
import { AlreadyExists, Conflict, Invalid, NotFound } from '../../../controller/kube/errors.ts';
import { conditionViolations } from '../condition-invariants.ts';
import { crdCheck } from './crd-schema.ts';

const sessionCheck = crdCheck('debugsessions');
const approvalCheck = crdCheck('approvals');
const maxStatusBytes = 256 * 1024;

interface Stored {
  readonly apiVersion: 'threehops.dev/v1alpha1';
  readonly metadata: DebugSession['metadata'];
  readonly spec: unknown;
}

/** An API server in memory: optimistic locking, UIDs, generations, finalizers, the CRDs' schemas. Every status is judged as it is written. */
export class MemoryApi {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, DebugSession>();
  readonly #approvals = new Map<string, Approval>();
  readonly topologies = new Map<string, ServiceTopology>();
  /** What ConfigMaps hold, by `<namespace>/<name>`. */
  readonly configMaps = new Map<string, Readonly<Record<string, string>>>();
  /** Frozen content by digest, with the session that it belongs to. */
  /** By session and key. */
  readonly kept = new Map<string, unknown>();
  readonly evidence = new Map<string, { readonly uid: string; readonly content: string; readonly value: unknown }>();
  /** What was wrong with any status that was written. */
  readonly violations: string[] = [];
  /** Every status that was written, in order. */
  readonly written: DebugSession[] = [];
  #version = 100;
  #uid = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  session(key: string): DebugSession | undefined {
    return this.#sessions.get(key);
  }

  sessions(): readonly DebugSession[] {
    return [...this.#sessions.values()];
  }

  approval(key: string): Approval | undefined {
    return this.#approvals.get(key);
  }

  approvals(): readonly Approval[] {
    return [...this.#approvals.values()];
  }

  createSession(name: string, spec: DebugSession['spec'], fixed: Partial<DebugSession['metadata']> = {}): DebugSession {
    const session: DebugSession = { ...this.#stamped(name, fixed), kind: 'DebugSession', spec };
    return this.#put(this.#sessions, session);
  }

  /** As a backup brings it back: in the place of what is there, with another UID, and with a status where the backup holds one. */
  restoreSession({ metadata, spec }: DebugSession, status?: DebugSession['status']): DebugSession {
    const { name, finalizers = [] } = metadata;
    const session: DebugSession = { ...this.#stamped(name, { finalizers }), kind: 'DebugSession', spec };
    return this.#put(this.#sessions, status === undefined ? session : { ...session, status: copyOf(status) });
  }

  /** Deletes it for good, or marks it while a finalizer holds it. */
  deleteSession(key: string): void {
    const present = this.#present(this.#sessions, key);
    if ((present.metadata.finalizers ?? []).length === 0) this.#sessions.delete(key);
    else this.#put(this.#sessions, { ...present, metadata: { ...present.metadata, deletionTimestamp: this.#now() } });
  }

  changeSession(key: string, change: Partial<DebugSession['spec']>): DebugSession {
    const present = this.#present(this.#sessions, key);
    const metadata = { ...present.metadata, generation: present.metadata.generation + 1 };
    return this.#put(this.#sessions, { ...present, metadata, spec: { ...present.spec, ...change } });
  }

  annotate(key: string, annotations: Readonly<Record<string, string>>): void {
    const present = this.#present(this.#sessions, key);
    this.#put(this.#sessions, { ...present, metadata: { ...present.metadata, annotations } });
  }

  setFinalizers(session: DebugSession, finalizers: readonly string[]): DebugSession {
    const key = keyOf(session);
    const present = this.#present(this.#sessions, key);
    if (present.metadata.uid !== session.metadata.uid) throw conflict();
    const next = { ...present, metadata: { ...present.metadata, finalizers } };
    if (finalizers.length === 0 && present.metadata.deletionTimestamp !== undefined) this.#sessions.delete(key);
    else return this.#put(this.#sessions, next);
    return next;
  }

  putSessionStatus(session: DebugSession): DebugSession {
    const present = this.#present(this.#sessions, keyOf(session));
    if (present.metadata.resourceVersion !== session.metadata.resourceVersion) throw conflict();
    this.#judge(session, present);
    const next = this.#put(this.#sessions, { ...present, status: copyOf(session.status ?? {}) });
    this.written.push(next);
    return next;
  }

  createApproval(name: string, spec: Approval['spec'], labels: Readonly<Record<string, string>>): Approval {
    if (this.#approvals.has(`default/${name}`))
      throw new AlreadyExists(`${name} is there`, { status: 409, reason: 'AlreadyExists' });
    const approval: Approval = { ...this.#stamped(name, { labels }), kind: 'Approval', spec };
    this.violations.push(...approvalCheck(approval));
    return this.#put(this.#approvals, approval);
  }

  putApprovalStatus(approval: Approval): void {
    const present = this.#present(this.#approvals, keyOf(approval));
    this.#put(this.#approvals, { ...present, status: approval.status ?? {} });
  }

  decide(key: string, decision: Partial<Approval['spec']>): void {
    const present = this.#present(this.#approvals, key);
    this.#put(this.#approvals, { ...present, spec: { ...present.spec, ...decision } });
  }

  deleteApproval(key: string): void {
    this.#approvals.delete(key);
  }

  #stamped(name: string, fixed: Partial<DebugSession['metadata']>): Omit<Stored, 'spec'> {
    this.#uid += 1;
    const uid = `00000000-0000-4000-8000-${String(this.#uid).padStart(12, '0')}`.replace('00000000', hex(this.#uid));
    const metadata = {
      name,
      namespace: 'default',
      uid,
      resourceVersion: '0',
      generation: 1,
      creationTimestamp: this.#now(),
      ...fixed,
    };
    return { apiVersion: 'threehops.dev/v1alpha1', metadata };
  }

  #put<T extends Stored>(all: Map<string, T>, object: T): T {
    this.#version += 1;
    const next = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    all.set(keyOf(next), next);
    return next;
  }

  #present<T extends Stored>(all: Map<string, T>, key: string): T {
    const present = all.get(key);
    if (present === undefined) throw new NotFound(`${key} is not there`, { status: 404, reason: 'NotFound' });
    return present;
  }

  #judge(session: DebugSession, present: DebugSession): void {
    const wrong = [...sessionCheck(session)];
    const { status } = session;
    const bytes = JSON.stringify(status).length;
    if (bytes > maxStatusBytes) wrong.push(`the status has ${bytes} bytes`);
    this.violations.push(...wrong, ...conditionViolations(status?.conditions, present.metadata.generation));
    if (wrong.length > 0) throw new Invalid(wrong.join('; '), { status: 422, reason: 'Invalid' });
  }

  #now(): string {
    return `${this.#clock.now().toISOString().slice(0, 19)}Z`;
  }
}

/** As it comes back from a server: another object, of JSON. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function hex(number: number): string {
  return (0xa0000000 + number).toString(16);
}

function keyOf({ metadata }: Stored): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function conflict(): Conflict {
  return new Conflict('the object has been modified', { status: 409, reason: 'Conflict' });
}
