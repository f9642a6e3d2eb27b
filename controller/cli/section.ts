import { wrapped } from './wrapped.ts';

const width = 80;
const margin = 13;

/** A heading with its paragraphs beside it, in 80 columns; nothing where there are none. */
export function section(name: string, paragraphs: readonly string[]): readonly string[] {
  return paragraphs
    .flatMap((paragraph) => wrapped(paragraph, width - margin, paragraph.startsWith('- ') ? '  ' : ''))
    .map((line, index) => `${(index === 0 ? name : '').padEnd(margin)}${line}`);
}
