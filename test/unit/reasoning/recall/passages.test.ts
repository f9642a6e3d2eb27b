import { describe, expect, it } from 'vitest';
import { sectionsOf } from '../../../../controller/reasoning/recall/passages.ts';

const split = (text: string) => sectionsOf({ source: 'doc', text }).map((section) => [section.heading, section.text]);

describe('a document', () => {
  it('is cut at its headings, and each part says under which it stands', () => {
    const text =
      '# Runbook\nBefore all.\n## Locks ##\nWho blocks.\n### Idle\nEnd it.\n## Memory\nRaise it.\n# Other\nEnd.';
    expect(split(text)).toEqual([
      ['Runbook', 'Before all.'],
      ['Runbook > Locks', 'Who blocks.'],
      ['Runbook > Locks > Idle', 'End it.'],
      ['Runbook > Memory', 'Raise it.'],
      ['Other', 'End.'],
    ]);
  });

  it('may skip levels, have empty parts, and text before its first heading', () => {
    expect(split('Plain.\r\n\r\n### Deep\r\nText.\r\n## Up\r\n\r\n## Next\r\nMore.')).toEqual([
      ['', 'Plain.'],
      ['Deep', 'Text.'],
      ['Next', 'More.'],
    ]);
    expect(split('')).toEqual([]);
  });

  it('has no headings in its code', () => {
    const code = '```sh\n# a comment\n~~~\n# another\n```';
    expect(split(`# Title\n${code}\n## After\nText.`)).toEqual([
      ['Title', code],
      ['Title > After', 'Text.'],
    ]);
  });

  it('that is long is cut between paragraphs, lines or words, and nothing of it is lost', () => {
    const words = (count: number): string => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');
    const text = [words(120), words(120), words(300), 'x'.repeat(3000)].join('\n\n');
    const pieces = sectionsOf({ source: 'doc', text });
    expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThanOrEqual(1200);
    expect(pieces[0]?.text).toBe(words(120));
    expect(pieces.map((piece) => piece.text.replaceAll(/\s/g, '')).join('')).toBe(text.replaceAll(/\s/g, ''));
  });
});
