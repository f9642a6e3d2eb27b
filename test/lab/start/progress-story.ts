import type { ProgressEvent } from '../../../controller/session/progress.ts';
import { mark, type NodeHealth } from './health-map.ts';
import type { LiveFooter } from './live-footer.ts';
import type { Teller } from './teller.ts';

const healths: readonly string[] = ['Healthy', 'Degraded', 'Failing', 'Unknown'] satisfies readonly NodeHealth[];
/** Those whose first words say something that the session's status does not say as well. */
const tellingPhases: readonly string[] = ['Sweeping', 'Diagnosing', 'Reporting', 'Escalated'];
/** Without a terminal what a step waits for is told again this often, when it has changed. */
const repeatSeconds = 5;

/** Tells what the operator says as it goes: each probe as it answers, each check whose verdict changes, what a step waits for. */
export class ProgressStory {
  readonly #teller: Teller;
  readonly #footer: LiveFooter;
  readonly #map = new Map<string, NodeHealth>();
  readonly #verdicts = new Map<string, string>();
  readonly #told = new Map<string, { readonly message: string; readonly at: number }>();

  constructor(teller: Teller, footer: LiveFooter) {
    this.#teller = teller;
    this.#footer = footer;
  }

  /** Another phase: what was waited for is over. */
  begin(phase: string): void {
    this.#verdicts.clear();
    this.#map.clear();
    this.#footer.showMap(undefined);
    this.#footer.waitFor(phase === '' ? new Map() : new Map([[phase, phase]]));
  }

  show(event: ProgressEvent): void {
    switch (event.kind) {
      case 'Probe':
        return this.#probe(event);
      case 'Check':
        return this.#check(event);
      case 'Step':
        return this.#step(event);
      case 'Phase':
        return this.#phase(event);
      default: {
        const never: never = event.kind;
        throw new TypeError(`unknown progress ${String(never)}`);
      }
    }
  }

  #probe({ phase, subject, state, message }: ProgressEvent): void {
    const health = healths.includes(state) ? (state as NodeHealth) : 'Waiting';
    this.#map.set(subject, health);
    if (phase === 'Sweeping') this.#footer.showMap(this.#map);
    if (phase !== 'Sweeping' || this.#teller.screen.live) return;
    this.#teller.painted(`${mark(this.#teller.ink, health)} ${subject} ${this.#teller.ink('dim', message)}`);
  }

  #check({ subject, state, message }: ProgressEvent): void {
    if (this.#verdicts.get(subject) === state) return;
    this.#verdicts.set(subject, state);
    if (state === 'Pass' || this.#teller.screen.live) return;
    this.#teller.tell(`${subject}: ${state}. ${message}`, (text) => this.#teller.ink('dim', text));
  }

  #step({ phase, subject, message }: ProgressEvent): void {
    this.#footer.waitFor(new Map([[phase, `${phase}: ${subject}: ${message}`]]));
    if (this.#teller.screen.live) return;
    const before = this.#told.get(subject);
    const soon = before !== undefined && this.#teller.seconds - before.at < repeatSeconds;
    if (before?.message === message || soon) return;
    this.#told.set(subject, { message, at: this.#teller.seconds });
    this.#teller.tell(`${subject}: ${message}`, (text) => this.#teller.ink('dim', text));
  }

  #phase({ phase, message }: ProgressEvent): void {
    if (message !== '' && tellingPhases.includes(phase)) this.#teller.tell(message);
  }
}
