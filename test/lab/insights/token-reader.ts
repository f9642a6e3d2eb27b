import { Lexer } from './lexer.ts';
import { MalformedQuery } from './malformed.ts';

/** What both parsers do with tokens: take one if it is what they look for, or say what they looked for. Keywords have no case. */
export class TokenReader extends Lexer {
  acceptWord(text: string): boolean {
    const token = this.peek();
    const found = token.kind === 'word' && token.text.toLowerCase() === text;
    if (found) this.take();
    return found;
  }

  nextIsSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  acceptSymbol(text: string): boolean {
    const found = this.nextIsSymbol(text);
    if (found) this.take();
    return found;
  }

  expectSymbol(text: string): void {
    if (!this.acceptSymbol(text)) throw this.unexpected(text);
  }

  /** One or more, with commas between them. */
  separated<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  unexpected(wanted: string): MalformedQuery {
    const token = this.peek();
    return new MalformedQuery(`expected ${wanted}, found ${token.text}`, token);
  }
}
