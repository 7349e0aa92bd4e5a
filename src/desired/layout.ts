/**
 * The indentation that a manifest is to have: two blanks for each level, whatever is nested.
 *
 * Only the blanks in front of lines change, so that no line is joined, divided, moved or lost. A block scalar moves
 * as a whole; in other texts of several lines the blanks in front of a line mean nothing. The walk calls itself for
 * each level of nesting, which `tokens.ts` has bounded.
 */
import { CST } from 'yaml';
import type { Edit } from './edit.js';
import { linesOf, makeIndentation, type Indentation, type Level } from './indentation.js';
import { lineEndEdits } from './line-ends.js';

/** `tokens` of a text without mistakes. */
export const layoutEdits = (text: string, tokens: readonly CST.Token[]): readonly Edit[] => {
  const indentation = makeIndentation(text);
  for (const token of tokens) walkTop(token, { indentation, level: undefined, wanted: 0 });
  return [...indentation.edits(), ...lineEndEdits(text, indentation.kept())];
};

const step = 2;

interface Position {
  readonly indentation: Indentation;
  /** The block collection around it. */
  readonly level: Level | undefined;
  /** The column of what begins a line here. */
  readonly wanted: number;
}

const walkTop = (token: CST.Token, top: Position): void => {
  if (token.type === 'comment') top.indentation.comment(token.offset);
  if (token.type === 'directive' || token.type === 'doc-end')
    top.indentation.content(token.offset, 0, undefined);
  if (token.type === 'document') {
    walkMarks(token.start, top);
    walk(token.value, top);
  }
  if (token.type === 'document' || token.type === 'doc-end') walkMarks(token.end, top);
};

const walk = (token: CST.Token | null | undefined, position: Position): void => {
  if (token?.type === 'block-scalar') walkBlockScalar(token, position);
  else if (token?.type === 'flow-collection') walkFlow(token, position);
  else if (CST.isCollection(token)) walkBlock(token, position);
  else if (token?.type === 'alias' || CST.isScalar(token)) walkText(token, position);
};

const walkText = ({ offset, source, end }: CST.FlowScalar, position: Position): void => {
  const { indentation, level, wanted } = position;
  indentation.content(offset, wanted, level);
  indentation.continuation(offset, source, wanted);
  walkMarks(end, position);
};

/** What stands around values: comments, anchors, tags, signs. After a sign comes what is nested in it. */
const walkMarks = (
  marks: readonly CST.SourceToken[] | undefined,
  { indentation, level, wanted }: Position,
  nested = wanted,
): void => {
  let column = wanted;
  for (const { type, offset } of marks ?? []) {
    const isSign = signs.has(type);
    if (type === 'comment') indentation.comment(offset);
    else if (type !== 'space' && type !== 'newline')
      indentation.content(offset, isSign ? wanted : column, level);
    if (isSign) column = nested;
  }
};

const signs: ReadonlySet<string> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

const walkBlock = (token: CST.BlockMap | CST.BlockSequence, position: Position): void => {
  const level = levelOf(token, position);
  const own = { ...position, level, wanted: level.wanted };
  const nested = { ...own, wanted: level.wanted + step };
  for (const { start, key, sep, value } of token.items) {
    walkMarks(start, own, nested.wanted);
    walk(key, start.some(({ type }) => type === 'explicit-key-ind') ? nested : own);
    walkMarks(sep, own, nested.wanted);
    walk(value, nested);
  }
};

/** A collection that begins in the line of its hyphen keeps its distance from it. */
const levelOf = (
  token: CST.BlockMap | CST.BlockSequence,
  { indentation, level, wanted }: Position,
): Level => ({
  written: token.indent,
  wanted:
    level === undefined || indentation.beginsLine(firstOffset(token))
      ? wanted
      : level.wanted + token.indent - level.written,
  outer: level,
});

const firstOffset = ({ items: [first], offset }: CST.BlockMap | CST.BlockSequence): number =>
  first?.start.find(isContent)?.offset ?? first?.key?.offset ?? first?.sep?.find(isContent)?.offset ?? offset;

const isContent = ({ type }: CST.SourceToken): boolean =>
  type !== 'space' && type !== 'newline' && type !== 'comment';

/** What is in brackets stands two blanks further in than the line that opens them, and ends below its beginning. */
const walkFlow = ({ start, items, end }: CST.FlowCollection, position: Position): void => {
  const { indentation, level, wanted } = position;
  indentation.content(start.offset, wanted, level);
  const column = Math.max(indentation.ofLine(), level?.wanted ?? 0);
  const inner = { ...position, wanted: column + step };
  for (const item of items) {
    walkMarks(item.start, inner);
    walk(item.key, inner);
    walkMarks(item.sep, inner);
    walk(item.value, inner);
  }
  const closing = end.findIndex(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
  walkMarks(end.slice(0, closing), inner);
  walkMarks(end.slice(closing), { ...position, wanted: column });
};

const walkBlockScalar = ({ offset, indent, props, source }: CST.BlockScalar, position: Position): void => {
  const { indentation, level, wanted } = position;
  indentation.content(offset, wanted, level);
  const sources = props.map((mark) => ('source' in mark ? mark.source : ''));
  const [, counted] = /^[|>][+-]?([1-9])/.exec(sources[0] ?? '') ?? [];
  const written = counted === undefined ? textColumn(source) : indent + Number(counted);
  const moved = counted === undefined ? wanted : written + (level?.wanted ?? 0) - (level?.written ?? 0);
  indentation.block(offset + sources.join('').length, source, written, moved);
};

/** Where the first line stands that is not empty. */
const textColumn = (source: string): number =>
  linesOf(source).find(({ length, spaces }) => spaces < length)?.spaces ?? Infinity;
