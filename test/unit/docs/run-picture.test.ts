import { describe, expect, test } from 'vitest';
import { svgOf } from '../../../scripts/run-picture/svg.ts';
import { shownBy } from '../../../scripts/run-picture/terminal.ts';

const textOf = (written: string, columns = 100): readonly string[] =>
  shownBy(written, columns).map((line) => line.map(({ sign }) => sign).join(''));

describe('what a terminal shows', () => {
  test('lines, of which live ones are rubbed out and drawn anew', () => {
    const live = '\u001B[36mwaiting · 1 s\u001B[39m\r\n';
    expect(textOf(`one\r\n${live}\u001B[1A\u001B[0Jtwo\r\n${live}\u001B[1A\u001B[0J`)).toEqual(['one', 'two', '']);
  });

  test('a line that is too long goes on in the next', () => {
    expect(textOf('abcdef\r\ng', 4)).toEqual(['abcd', 'ef', 'g']);
  });

  test('colours end where they are said to', () => {
    const [line = []] = shownBy('\u001B[1m\u001B[31mx\u001B[39m\u001B[22my\u001B[2mz\u001B[22m', 100);
    expect(line).toEqual([
      { sign: 'x', look: { bold: true, colour: 'red' } },
      { sign: 'y', look: {} },
      { sign: 'z', look: { dim: true } },
    ]);
  });

  test('codes that are not known change nothing', () => {
    expect(shownBy('\u001B[?25l\u001B[95mx', 100)).toEqual([[{ sign: 'x', look: {} }]]);
  });
});

test('a picture has every text once, escaped, in its colour', () => {
  const svg = svgOf(shownBy('\u001B[32m<ok> & done\u001B[39m\r\n\r\nnext', 100), 100, 'a <run>');
  expect(svg).toContain('<title>a &lt;run&gt;</title>');
  expect(svg).toMatch(/fill="#56d364">&lt;ok&gt; &amp; done<\/tspan>/);
  expect(svg.match(/<text /g)).toHaveLength(2);
});
