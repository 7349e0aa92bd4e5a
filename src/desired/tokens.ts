/**
 * A manifest's text to the parser's tokens, within bounds, before anything recursive sees them.
 *
 * The step after this one calls itself for every level of nesting. Where that exhausts the stack inside V8's
 * compiler of regular expressions the whole process ends, and nothing can catch it; 64 KiB of `[` did. Every
 * lexeme costs memory, up to 1 KB of it, so that their number is what bounds the memory of a parse.
 */
import { CST, Lexer, Parser } from 'yaml';
import { mostLexemes } from './limits.js';

/** Told at the offset, while the tokens are taken. */
export type Excess =
  | { readonly _tag: 'TooDeep'; readonly offset: number }
  /** The tokens of this document are incomplete. */
  | { readonly _tag: 'TooMany'; readonly offset: number };

/** A manifest needs five. */
export const deepestNesting = 100;

interface Limits {
  readonly nesting: number;
  readonly lexemes: number;
}

/** One document after the other; what is nested too deeply is cut out. */
export function* boundedTokens(
  text: string,
  tell: (excess: Excess) => void,
  most: Limits = { nesting: deepestNesting, lexemes: mostLexemes },
): Generator<CST.Token, void> {
  const parser = new Parser();
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    if (lexemes > most.lexemes) {
      tell({ _tag: 'TooMany', offset: parser.offset });
      return;
    }
    for (const token of parser.next(lexeme)) yield shallow(token, most.nesting, tell);
  }
  for (const token of parser.end()) yield shallow(token, most.nesting, tell);
}

/** The token itself, cut in place: it belongs to nobody else, and a copy would cost its size again. */
const shallow = (token: CST.Token, deepest: number, tell: (excess: Excess) => void): CST.Token => {
  if (token.type !== 'document') return token;
  let level: readonly CST.CollectionItem[] = [token];
  for (let depth = 0; level.length > 0; depth += 1) {
    const deeper: CST.CollectionItem[] = [];
    for (const item of level) {
      if (depth > deepest) cut(item, tell);
      for (const collection of [item.key, item.value])
        for (const inner of itemsOf(collection)) deeper.push(inner);
    }
    level = deeper;
  }
  return token;
};

const cut = (item: CST.CollectionItem, tell: (excess: Excess) => void): void => {
  for (const place of ['key', 'value'] as const) {
    const token = item[place];
    if (!CST.isCollection(token)) continue;
    tell({ _tag: 'TooDeep', offset: token.offset });
    item[place] = { type: 'scalar', offset: token.offset, indent: token.indent, source: '' };
  }
};

const itemsOf = (token: CST.Token | null | undefined): readonly CST.CollectionItem[] =>
  CST.isCollection(token) ? token.items : [];
