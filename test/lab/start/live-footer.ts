import { mapLines, type NodeHealth } from './health-map.ts';
import { cut, plainInk, type Ink } from './ink.ts';
import type { FooterLine, Screen } from './screen.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The live lines of a terminal: the map while it is swept, and what is being waited for, since when. */
export class LiveFooter {
  readonly #screen: Screen;
  readonly #ink: Ink;
  readonly #now: () => number;
  #waiting: ReadonlyMap<string, string> = new Map();
  #since: ReadonlyMap<string, number> = new Map();
  #map: ReadonlyMap<string, NodeHealth> | undefined;
  #frame = 0;

  /** @param now milliseconds */
  constructor(screen: Screen, ink: Ink, now: () => number) {
    this.#screen = screen;
    this.#ink = ink;
    this.#now = now;
  }

  /** What is waited for, by subject; each has a clock of its own. */
  waitFor(waiting: ReadonlyMap<string, string>): void {
    this.#since = new Map([...waiting.keys()].map((subject) => [subject, this.#since.get(subject) ?? this.#now()]));
    this.#waiting = new Map(waiting);
    this.draw();
  }

  showMap(map: ReadonlyMap<string, NodeHealth> | undefined): void {
    this.#map = map;
    this.draw();
  }

  /** Called a few times a second, so that one sees that it lives. */
  tick(): void {
    this.#frame += 1;
    this.draw();
  }

  draw(): void {
    if (!this.#screen.live) return;
    this.#screen.footer([...this.#mapLines(), ...this.#waitingLines()]);
  }

  /** Coloured by its marks alone, as a footer's lines are cut to the width before they are painted. */
  #mapLines(): readonly FooterLine[] {
    if (this.#map === undefined) return [];
    const lines = mapLines(this.#map, this.#screen.width - 14, plainInk);
    return lines.map((text) => ({ text: `           ${text}`, paint: (plain) => paintMarks(this.#ink, plain) }));
  }

  #waitingLines(): readonly FooterLine[] {
    const frame = frames[this.#frame % frames.length] ?? '';
    return [...this.#waiting].map(([subject, message]) => {
      const seconds = Math.floor((this.#now() - (this.#since.get(subject) ?? 0)) / 1000);
      const clock = ` · ${seconds} s`;
      const text = cut(message, this.#screen.width - 13 - clock.length);
      return { text: `        ${frame}  ${text}${clock}`, paint: (plain) => this.#ink('cyan', plain) };
    });
  }
}

function paintMarks(ink: Ink, text: string): string {
  return text
    .replaceAll('●', ink('green', '●'))
    .replaceAll('▲', ink('yellow', '▲'))
    .replaceAll('✖', ink('red', '✖'))
    .replaceAll('·', ink('dim', '·'));
}
