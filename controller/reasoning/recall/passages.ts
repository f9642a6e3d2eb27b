/** A text that the map names, and where it stands. */
export interface Document {
  readonly source: string;
  readonly text: string;
}

/** A part of a document under one heading. */
export interface Section extends Document {
  /** The headings that it stands under, the outermost first. */
  readonly heading: string;
}

/** In characters: about a screen. */
const longest = 1200;

/** The document's sections in its order, long ones in pieces: none has more than 1,200 characters, and none is empty. */
export function sectionsOf({ source, text }: Document): readonly Section[] {
  const sections: Section[] = [];
  const titles: string[] = [];
  let lines: string[] = [];
  const close = (): void => {
    const heading = titles.filter((title) => title !== '').join(' > ');
    for (const piece of piecesOf(lines.join('\n').trim())) sections.push({ source, heading, text: piece });
    lines = [];
  };
  let fence: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    fence = fenceAfter(line, fence);
    const [, hashes, title = ''] = (fence === undefined && /^ {0,3}(#{1,6})\s+(.*?)[\s#]*$/.exec(line)) || [];
    if (hashes === undefined) {
      lines.push(line);
      continue;
    }
    close();
    titles.length = hashes.length - 1;
    titles.push(title);
  }
  close();
  return sections;
}

/** In a block of code `#` begins a comment. What closes it is what opened it. */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1];
  if (open === undefined) return mark;
  return mark === open ? undefined : open;
}

/** Cut where a paragraph ends, else a line, else a word, in the latter half of what may be. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const ends = ['\n\n', '\n', ' '].map((end) => rest.lastIndexOf(end, longest));
    const at = ends.find((end) => end > longest / 2) ?? longest;
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? pieces : [...pieces, rest];
}
