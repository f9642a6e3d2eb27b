import { wrap, type Ink } from './ink.ts';
import type { Screen } from './screen.ts';

const timeColumn = 9;

/** Writes lines with the time that has gone by at their left, broken to the screen's width. */
export class Teller {
  readonly screen: Screen;
  readonly ink: Ink;
  readonly #now: () => number;
  readonly #began: number;

  /** @param now milliseconds */
  constructor(screen: Screen, ink: Ink, now: () => number) {
    this.screen = screen;
    this.ink = ink;
    this.#now = now;
    this.#began = now();
  }

  /** Columns that a line's text may take. */
  get room(): number {
    return this.screen.width - timeColumn - 1;
  }

  get seconds(): number {
    return (this.#now() - this.#began) / 1000;
  }

  /** A line of text without colours, which `paint` gives it afterwards, line by line. */
  tell(text: string, paint: (text: string) => string = (plain) => plain): void {
    wrap(text, this.room).forEach((line, index) => this.painted(paint(line), index === 0));
  }

  /** A line that has its colours already and fits. */
  painted(text: string, withTime = true): void {
    const time = withTime ? `${this.seconds.toFixed(1)} s` : '';
    this.screen.line(`${this.ink('dim', time.padStart(timeColumn - 2))}  ${text}`);
  }

  /** A label at the left and text at its right, broken within its own column. */
  labelled(label: string, text: string, paint: (text: string) => string = (plain) => plain): void {
    const column = 14;
    wrap(text, this.room - column).forEach((line, index) => {
      this.painted(`${this.ink('dim', (index === 0 ? label : '').padEnd(column))}${paint(line)}`, false);
    });
  }

  /** A mark, whose it is, and what there is to say of it. */
  marked(mark: string, head: string, text: string): void {
    wrap(`${head}  ${text}`, this.room - 2).forEach((line, index) => {
      const painted = line.startsWith(head) ? `${this.ink('bold', head)}${line.slice(head.length)}` : line;
      this.painted(`${index === 0 ? mark : ' '} ${painted}`, false);
    });
  }

  heading(text: string): void {
    const rule = '─'.repeat(Math.max(0, Math.min(this.room, 100) - text.length - 4));
    this.painted(`${this.ink('dim', '──')} ${this.ink(['bold', 'cyan'], text)} ${this.ink('dim', rule)}`);
  }
}
