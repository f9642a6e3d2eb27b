import type { Approval, DebugSession, Phase, ServiceTopology } from '../../controller/api/kinds.ts';
import { ApiError } from '../../controller/kube/errors.ts';
import type { Dependencies } from '../../controller/session/dependencies.ts';
import { reconcileSession } from '../../controller/session/reconcile.ts';
import { hasEnded } from '../../controller/session/transition.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { Hazard, Life } from './session/hazard.ts';
import { lifeDependencies, type Surroundings, type Wishes } from './session/life-dependencies.ts';
import { MemoryApi } from './session/memory-api.ts';
import { Outside, type Story } from './session/outside.ts';
import { book, shopTopology } from './session/shop.ts';

export interface SessionWorldOptions extends Partial<Wishes> {
  readonly story: Story;
  readonly spec?: Partial<DebugSession['spec']>;
  readonly topology?: Partial<ServiceTopology['spec']>;
  readonly name?: string;
}

const stepMs = 500;

/**
 * A session machine in a scripted world: an API server in memory, a service, a repository and a pipeline, and a clock that moves only
 * when nothing else can. The operator may die at any write and starts again with nothing in memory.
 */
export class SessionWorld implements Surroundings {
  readonly clock = new FakeClock();
  readonly api = new MemoryApi(this.clock);
  readonly hazard = new Hazard();
  readonly locks: Surroundings['locks'] = new Map();
  readonly announced: Surroundings['announced'] = [];
  readonly outside: Outside;
  /** Operators so far. */
  lives = 0;
  /** Errors of reconciliations that were not the operator's death. */
  readonly errors: unknown[] = [];
  life = new Life();
  deps: Dependencies;
  readonly #wishes: Wishes;
  readonly #name: string;
  #woken = false;

  constructor(options: SessionWorldOptions) {
    this.outside = new Outside(options.story);
    this.#name = options.name ?? 'broken';
    this.#wishes = { book, ...options };
    this.api.topologies.set('default/shop', shopTopology(options.topology));
    this.api.createSession(this.#name, {
      topologyRef: { name: 'shop' },
      mode: 'Fix',
      reasoner: 'Causal',
      suspend: false,
      cancel: false,
      grantIterations: 0,
      createdBy: 'alice',
      ...options.spec,
    });
    this.deps = this.#start();
  }

  get key(): string {
    return `default/${this.#name}`;
  }

  get session(): DebugSession {
    const session = this.api.session(this.key);
    if (session === undefined) throw new Error('the session is gone');
    return session;
  }

  get status(): NonNullable<DebugSession['status']> {
    return this.session.status ?? {};
  }

  /** The Approval that the session waits for. */
  get question(): Approval {
    const approval = this.api.approval(`default/${this.status.approvalRef?.name}`);
    if (approval === undefined) throw new Error('no Approval is open');
    return approval;
  }

  decide(decision: 'Approved' | 'Rejected', more: Partial<Approval['spec']> = {}): void {
    this.api.decide(`default/${this.question.metadata.name}`, { decision, decidedBy: 'bob', ...more });
  }

  /** Kills the operator and starts another one. */
  restart(): void {
    this.life.die();
    this.deps = this.#start();
  }

  /** Cancels, suspends or grants, as a person does by editing the session. */
  change(spec: Partial<DebugSession['spec']>): void {
    this.api.changeSession(this.key, spec);
  }

  /** Another operator beside the first, which goes on when a test lets it. */
  secondOperator(): Dependencies {
    return lifeDependencies(new Life(), this, this.#wishes, () => undefined);
  }

  async untilPhase(...phases: readonly Phase[]): Promise<void> {
    await this.until(`phase ${phases.join(' or ')}`, () => phases.includes(this.status.phase ?? 'Pending'));
  }

  async untilEnd(): Promise<void> {
    await this.until('the end', () => hasEnded(this.status.phase));
  }

  /** Until an Approval is open and waited for. */
  async untilAsked(): Promise<void> {
    await this.until(
      'a question',
      () =>
        this.api.approval(`default/${this.status.approvalRef?.name}`)?.spec.decision === undefined &&
        this.status.approvalRef !== undefined,
    );
  }

  async untilStalled(reason: string): Promise<void> {
    await this.until(`Stalled: ${reason}`, () => this.condition('Stalled')?.reason === reason);
  }

  /** Throws when a status broke its schema, a condition its rules, or a reconciliation failed. */
  assertClean(): void {
    const wrong = [...this.api.violations, ...this.errors];
    if (wrong.length > 0) throw new AggregateError(wrong, wrong.join('; '));
  }

  condition(type: string) {
    return this.status.conditions?.find((condition) => condition.type === type);
  }

  /** Drives the session, letting time pass only when it waits. */
  async until(what: string, reached: () => boolean, steps = 1500): Promise<void> {
    for (let left = steps; left > 0; left -= 1) {
      if (reached()) return;
      await this.step();
    }
    const { phase, conditions } = this.status;
    throw new Error(`no ${what}: ${phase} ${JSON.stringify(conditions)}`);
  }

  /** Drives for a while, whatever happens. */
  async pass(seconds: number): Promise<void> {
    const end = this.clock.monotonicMs() + seconds * 1000;
    while (this.clock.monotonicMs() < end) await this.step();
  }

  /** One reconciliation, and the time until the next. */
  async step(): Promise<void> {
    const session = this.api.session(this.key);
    if (session === undefined) return this.clock.advance(stepMs);
    const afterMs = await this.#reconcile(session);
    await settle();
    if (!this.life.alive) return this.restart();
    const end = this.clock.monotonicMs() + afterMs;
    const version = session.metadata.resourceVersion;
    while (this.clock.monotonicMs() < end && !this.#woken && this.#version() === version)
      await this.clock.advance(stepMs);
    if (!this.life.alive) this.restart();
  }

  #version(): string | undefined {
    return this.api.session(this.key)?.metadata.resourceVersion;
  }

  async #reconcile(session: DebugSession): Promise<number> {
    this.#woken = false;
    try {
      const { again } = await reconcileSession(session, this.deps, AbortSignal.timeout(60_000));
      if (again === 'OnChange') return 30_000;
      return again === 'Now' ? 0 : again.afterMs;
    } catch (error) {
      if (this.life.alive && !(error instanceof ApiError)) throw error;
      if (this.life.alive) this.errors.push(error);
      return 1000;
    }
  }

  #start(): Dependencies {
    this.lives += 1;
    this.life = new Life();
    const { life } = this;
    return lifeDependencies(life, this, this.#wishes, () => {
      if (life.alive) this.#woken = true;
    });
  }
}
