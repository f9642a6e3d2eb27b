/** How a cell is shown. Names of colours are those of the SGR codes 30 to 37. */
export interface Look {
  readonly colour?: string;
  readonly bold?: true;
  readonly dim?: true;
  readonly underline?: true;
}

export interface Cell {
  readonly sign: string;
  readonly look: Look;
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** What is on a terminal of `columns` after all of this was written to it, nothing having scrolled away: one list of cells a line. */
export function shownBy(written: string, columns: number): readonly (readonly Cell[])[] {
  const terminal = new Terminal(columns);
  const [first = '', ...rest] = written.split(introducer);
  terminal.write(first);
  for (const piece of rest) {
    const [sequence = '', parameters = '', command = ''] = /^([?0-9;]*)([A-Za-z])/.exec(piece) ?? [];
    terminal.obey(command, parameters);
    terminal.write(piece.slice(sequence.length));
  }
  return terminal.lines;
}

/** What begins a control sequence; its parameters and a letter follow. */
const introducer = '\u001B[';

class Terminal {
  readonly lines: Cell[][] = [[]];
  readonly #columns: number;
  #row = 0;
  #column = 0;
  #look: Look = {};

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    for (const sign of text) {
      if (sign === '\r') this.#column = 0;
      else if (sign === '\n') this.#newLine();
      else if (sign >= ' ') this.#put(sign);
    }
  }

  obey(command: string, parameters: string): void {
    if (command === 'm') for (const code of parameters.split(';')) this.#look = looking(this.#look, Number(code));
    if (command === 'A') this.#row = Math.max(0, this.#row - Number(parameters || 1));
    if (command === 'G') this.#column = Number(parameters || 1) - 1;
    if (command === 'K') this.lines[this.#row]?.splice(this.#column);
    if (command === 'J') {
      this.lines.splice(this.#row + 1);
      this.lines[this.#row]?.splice(this.#column);
    }
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.lines[this.#row] ??= [];
  }

  #put(sign: string): void {
    if (this.#column === this.#columns) this.#newLine();
    const line = (this.lines[this.#row] ??= []);
    while (line.length < this.#column) line.push({ sign: ' ', look: {} });
    line[this.#column] = { sign, look: this.#look };
    this.#column += 1;
  }
}

const begins: Readonly<Record<number, Look>> = { 1: { bold: true }, 2: { dim: true }, 4: { underline: true } };
const ends: Readonly<Record<number, readonly (keyof Look)[]>> = {
  0: ['colour', 'bold', 'dim', 'underline'],
  22: ['bold', 'dim'],
  24: ['underline'],
  39: ['colour'],
};

/** A look after one SGR code; what is not known changes nothing. */
function looking(look: Look, code: number): Look {
  const colour = colours[code - 30];
  const begun = colour === undefined ? { ...look, ...begins[code] } : { ...look, colour };
  const ended = ends[code] ?? [];
  return Object.fromEntries(Object.entries(begun).filter(([name]) => !ended.includes(name as keyof Look)));
}
