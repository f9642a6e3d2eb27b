import { cut } from './ink.ts';

/** Where a run is shown: lines that stay, and on a terminal a few live ones below them. */
export interface Screen {
  readonly width: number;
  readonly live: boolean;
  /** A line that stays. It may be longer than the screen is wide: terminals wrap it. */
  line(text: string): void;
  /** Replaces the live lines; without a terminal nothing is shown. Each is cut to the width, so give colours per line with care. */
  footer(lines: readonly FooterLine[]): void;
  close(): void;
}

export interface FooterLine {
  readonly text: string;
  readonly paint: (text: string) => string;
}

const usualWidth = 100;

export function screenOn(stream: NodeJS.WriteStream): Screen {
  return stream.isTTY ? terminal(stream) : log(stream);
}

function log(stream: NodeJS.WritableStream): Screen {
  return {
    width: usualWidth,
    live: false,
    line: (text) => void stream.write(`${text}\n`),
    footer: () => undefined,
    close: () => undefined,
  };
}

/** The live lines are rubbed out before anything else is written, and drawn again below it. */
function terminal(stream: NodeJS.WriteStream): Screen {
  let shown: readonly FooterLine[] = [];
  const width = (): number => stream.columns || usualWidth;
  const draw = (lines: readonly FooterLine[]): string =>
    lines.map(({ text, paint }) => `${paint(cut(text, width() - 1))}\n`).join('');
  const rubOut = (): string => (shown.length === 0 ? '' : `\u001B[${shown.length}A\u001B[0J`);
  return {
    get width() {
      return width();
    },
    live: true,
    line(text) {
      stream.write(`${rubOut()}${text}\n${draw(shown)}`);
    },
    footer(lines) {
      stream.write(`${rubOut()}${draw(lines)}`);
      shown = lines;
    },
    close() {
      stream.write(rubOut());
      shown = [];
    },
  };
}
