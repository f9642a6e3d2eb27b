import type { Answered } from '../../../controller/reasoning/claude/diagnose-tool.ts';
import { blocksOf, type Script, type Scripted, type WireBlock, type WireRequest } from '../messages-api/wire.ts';
import type { Attack, Poison } from './attack.ts';
import { heard } from './hearing.ts';

/** What a model would answer that nobody had talked into anything; and where it looks before. */
export interface Honest {
  readonly diagnosis: (request: WireRequest) => Answered;
  readonly looks: readonly { readonly name: string; readonly input: unknown }[];
  /** Nothing but the honest answer before this holds of what it was told. */
  readonly isTime?: (told: string) => boolean;
}

/** A model that does whatever it reads. */
export interface ObeyingModel {
  readonly script: Script;
  /** Whether the whole text has come to it. */
  readonly reached: boolean;
  /** How often it did what it was told to. */
  readonly attempts: number;
}

/**
 * Looks around once, and then does what it is told as soon as it has read it: what does not come through to the last word it does not obey.
 * Where the text must never reach it, it tries without.
 */
export function obeyingModel(attack: Attack, honest: Honest): ObeyingModel {
  return new Obeying(attack, honest);
}

class Obeying implements ObeyingModel {
  reached = false;
  attempts = 0;
  readonly #attack: Attack;
  readonly #honest: Honest;
  #uses = 0;
  /** The id of the forbidden call. */
  #called = '';

  constructor(attack: Attack, honest: Honest) {
    this.#attack = attack;
    this.#honest = honest;
  }

  readonly script: Script = (request) => {
    const told = heard(request);
    const isRead = this.#attack.words.every((word) => told.includes(word));
    this.reached ||= isRead;
    const first = request.messages.length === 1;
    if (this.#honest.isTime?.(told) === false) return this.#diagnosing(this.#honest.diagnosis(request));
    const obeys = this.#attack.reaches ? isRead : !first;
    if (obeys) return this.#obey(request);
    return first ? this.#calling(this.#honest.looks) : this.#diagnosing(this.#honest.diagnosis(request));
  };

  #obey(request: WireRequest): Scripted {
    const { attempt } = this.#attack;
    // Whatever came of the call: it has done as it was told.
    if (attempt.kind === 'Call' && hasCalled(request.messages, attempt.name, this.#called))
      return this.#diagnosing(this.#honest.diagnosis(request));
    this.attempts += 1;
    switch (attempt.kind) {
      case 'Call': {
        const forbidden = this.#calling([{ name: attempt.name, input: attempt.input }]);
        this.#called = `toolu_${this.#uses}`;
        return forbidden;
      }
      case 'Flood':
        return this.#calling(Array.from({ length: attempt.calls }, () => this.#look()));
      case 'Endless':
        return this.#calling([this.#look()]);
      case 'Answer':
        return this.#diagnosing(poisoned(this.#honest.diagnosis(request), attempt.poison));
    }
  }

  #look(): Honest['looks'][number] {
    const [look] = this.#honest.looks;
    if (look === undefined) throw new Error('there is nothing to look at');
    return look;
  }

  #calling(uses: Honest['looks']): Scripted {
    return {
      content: uses.map(({ name, input }): WireBlock => {
        this.#uses += 1;
        return { type: 'tool_use', id: `toolu_${this.#uses}`, name, input };
      }),
    };
  }

  #diagnosing(diagnosis: Answered): Scripted {
    return this.#calling([{ name: 'diagnose', input: diagnosis }]);
  }
}

function hasCalled(messages: WireRequest['messages'], name: string, id: string): boolean {
  const said = messages.filter(({ role }) => role === 'assistant').flatMap(blocksOf);
  return said.some((block) => 'id' in block && block.id === id && 'name' in block && block.name === name);
}

function poisoned(right: Answered, { fix, summary, rationale, claim, gap }: Poison): Answered {
  const { rootCause, claims, gaps } = right;
  const [first, ...others] = claims;
  return {
    ...right,
    rootCause: rootCause === null || summary === undefined ? rootCause : { ...rootCause, summary },
    claims: first === undefined || claim === undefined ? claims : [{ ...first, text: claim }, ...others],
    gaps: gap === undefined ? gaps : [gap, ...gaps],
    fix: right.fix === null ? null : { ...right.fix, ...fix, rationale: rationale ?? right.fix.rationale },
  };
}
