const width = 80;
const margin = 13;

/** A heading with its paragraphs beside it, in 80 columns; nothing where there are none. */
export function section(name: string, paragraphs: readonly string[]): readonly string[] {
  return paragraphs
    .flatMap((paragraph) => wrapped(paragraph, width - margin))
    .map((line, index) => `${(index === 0 ? name : '').padEnd(margin)}${line}`);
}

/** Breaks at spaces; a word longer than the room is broken too. What follows a dash stays in line with it. */
function wrapped(paragraph: string, room: number): readonly string[] {
  const indent = paragraph.startsWith('- ') ? '  ' : '';
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/).flatMap((one) => pieces(one, room - indent.length))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room) line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}

function pieces(word: string, room: number): readonly string[] {
  return Array.from({ length: Math.ceil(word.length / room) }, (_, index) =>
    word.slice(index * room, (index + 1) * room),
  );
}
