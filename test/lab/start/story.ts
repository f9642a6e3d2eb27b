import type { RunEvent } from '../host/run-events.ts';
import type { RunResult } from '../host/run-result.ts';
import type { LiveFooter } from './live-footer.ts';
import { ProgressStory } from './progress-story.ts';
import { SessionStory } from './session-story.ts';
import { tellResult } from './summary.ts';
import type { Teller } from './teller.ts';

/** Shows a run from its first step to its end, event by event. */
export class Story {
  readonly #teller: Teller;
  readonly #footer: LiveFooter;
  readonly #session: SessionStory;
  readonly #progress: ProgressStory;
  readonly #steps = new Map<string, string>();
  #ended = false;

  constructor(teller: Teller, footer: LiveFooter) {
    this.#teller = teller;
    this.#footer = footer;
    this.#session = new SessionStory(teller);
    this.#progress = new ProgressStory(teller, footer);
  }

  show(event: RunEvent): void {
    switch (event.kind) {
      case 'Step':
        return this.#step(event);
      case 'Fault':
        return this.#fault(event);
      case 'Session':
        if (this.#session.show(event.session)) this.#progress.begin(event.session.status?.phase ?? 'Pending');
        return;
      case 'Progress':
        return this.#ended ? undefined : this.#progress.show(event.event);
      case 'Result':
        return this.#result(event.result);
      case 'Kept':
        return this.#kept(event.lines);
      case 'Failed':
        return this.#footer.waitFor(new Map());
      default: {
        const never: never = event;
        throw new TypeError(`unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  #step({ name, state, message }: RunEvent & { kind: 'Step' }): void {
    const { ink } = this.#teller;
    if (state === 'Started') this.#steps.set(name, name);
    if (state === 'Note') this.#steps.set(name, `${name}: ${message}`);
    if (state === 'Note') this.#teller.tell(`${name}: ${message}`, (text) => ink('dim', text));
    if (state === 'Done') {
      this.#steps.delete(name);
      this.#teller.painted(`${ink('green', '✔')} ${name}`);
    }
    this.#footer.waitFor(this.#steps);
  }

  #fault({ name, description, symptom, service, alert }: RunEvent & { kind: 'Fault' }): void {
    this.#teller.heading(`a session on ${service}`);
    this.#teller.labelled('fault', `${name}: ${description}`);
    if (alert !== undefined) this.#teller.labelled('alert', alert);
    this.#teller.labelled('symptom', symptom);
  }

  #result(result: RunResult): void {
    this.#ended = true;
    this.#footer.showMap(undefined);
    this.#footer.waitFor(new Map());
    tellResult(this.#teller, result);
  }

  #kept(lines: readonly string[]): void {
    this.#teller.heading('the lab stays up');
    for (const line of lines) this.#teller.screen.line(line);
    this.#teller.screen.line('npm start -- --stop   ends it');
  }
}
