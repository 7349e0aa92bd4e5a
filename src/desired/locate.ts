/**
 * A YAML document's nodes, made into a `Tree`: aliases followed, what is never closed found. It calls itself for
 * each level of nesting, which `tokens.ts` has bounded.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { makeAnchors, type Sized } from './anchors.js';
import type { Finding, Span } from './finding.js';
import { emptyScalar, type Entry, type Tree } from './tree.js';

export interface Located {
  readonly root: Tree;
  readonly findings: readonly Finding[];
  /** Quotes and brackets that are never closed, innermost only. */
  readonly unclosed: readonly Span[];
}

export const locate = (contents: ParsedNode | null, text: string): Located => {
  const unclosed: Span[] = [];
  const anchors = makeAnchors();

  const visit = (node: unknown, fallback: number): Sized => {
    if (isAlias(node)) return anchors.follow(node.source, spanOf(node, fallback));
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return leaf(emptyScalar(fallback));
    const span = spanOf(node, fallback);
    const close = anchors.open(node.anchor);
    return close(isScalar(node) ? leaf(readScalar(node, span)) : readCollection(node, span));
  };

  const readScalar = (node: Scalar, span: Span): Tree => {
    if (isOpenQuote(node, text.slice(span.start, span.end))) unclosed.push(span);
    return {
      _tag: 'Scalar',
      value: node.value,
      source: node.source ?? '',
      plain: node.type === 'PLAIN',
      ...span,
    };
  };

  const readCollection = (node: YAMLMap | YAMLSeq, span: Span): Sized => {
    const opened = unclosed.length;
    const sized = isMap(node) ? readMapping(node, span) : readSequence(node, span);
    const closing = isMap(node) ? '}' : ']';
    if (node.flow === true && text[span.end - 1] !== closing && unclosed.length === opened)
      unclosed.push(span);
    return sized;
  };

  const readMapping = (node: YAMLMap, span: Span): Sized => {
    let size = 1;
    const entries = node.items.map((pair): Entry => {
      const key = visit(pair.key, span.start);
      const value = visit(pair.value, key.tree.end);
      size += value.size;
      return { key: key.tree, value: value.tree };
    });
    return { tree: { _tag: 'Mapping', entries, ...span }, size };
  };

  const readSequence = (node: YAMLSeq, span: Span): Sized => {
    const items = node.items.map((item) => visit(item, span.start));
    const size = items.reduce((sum, item) => sum + item.size, 1);
    return { tree: { _tag: 'Sequence', items: items.map((item) => item.tree), ...span }, size };
  };

  const { tree: root } = visit(contents, 0);
  return { root, findings: anchors.findings(), unclosed };
};

const leaf = (tree: Tree): Sized => ({ tree, size: 1 });

const spanOf = (
  { range }: { range?: readonly [number, number, number] | null | undefined },
  fallback: number,
): Span =>
  range === undefined || range === null
    ? { start: fallback, end: fallback }
    : { start: range[0], end: range[1] };

/** Asked here and not left to the parser, which takes `"a\"` for closed. */
const isOpenQuote = ({ type }: Scalar, written: string): boolean => {
  if (type === 'QUOTE_DOUBLE')
    return written.length < 2 || !written.endsWith('"') || trailing(written, '\\', 1) % 2 === 1;
  if (type === 'QUOTE_SINGLE') return trailing(written.slice(1), "'", 0) % 2 === 0;
  return false;
};

/** How often the character stands in a row before the last `skipped` ones. */
const trailing = (text: string, character: string, skipped: number): number => {
  const end = text.length - skipped;
  let at = end;
  while (at > 0 && text[at - 1] === character) at -= 1;
  return end - at;
};
