/**
 * How the values of a manifest are to be written: what a value means is asked of its reader, and written in the one
 * way in which that is usually done. Keys keep their names, and lose quotes that they do not need.
 *
 * Texts of several lines stay as they are, and so does what has a tag. What has an anchor may be used under other
 * keys, where it may mean something else: only its quotes change. A document that is one pair of brackets may have
 * been written as JSON, and be read as JSON elsewhere: its quotes stay.
 */
import { CST } from 'yaml';
import type { Edit } from './edit.js';
import { nameOf } from './fields.js';
import { isPlainText, singleQuoted } from './plain-text.js';
import { readField } from './read-value.js';
import { emptyScalar, type Scalar, type Tree } from './tree.js';

/** `roots`: what the tokens mean. */
export const spellingEdits = (
  text: string,
  tokens: readonly CST.Token[],
  roots: readonly Tree[],
): readonly Edit[] => {
  const scalars = new Map<number, Scalar>();
  for (const root of roots) collectScalars(root, scalars, new Set());
  const edits: Edit[] = [];
  for (const token of tokens) {
    if (token.type !== 'document' || !CST.isCollection(token.value)) continue;
    const context = { text, scalars, edits, isJson: token.value.type === 'flow-collection' };
    walk(token.value, context);
  }
  return edits;
};

/** By where they begin. What is shared by aliases is visited once. */
const collectScalars = (tree: Tree, scalars: Map<number, Scalar>, visited: Set<Tree>): void => {
  if (visited.has(tree)) return;
  switch (tree._tag) {
    case 'Scalar':
      scalars.set(tree.start, tree);
      return;
    case 'Mapping':
      visited.add(tree);
      for (const { key, value } of tree.entries) {
        collectScalars(key, scalars, visited);
        collectScalars(value, scalars, visited);
      }
      return;
    case 'Sequence':
      visited.add(tree);
      for (const item of tree.items) collectScalars(item, scalars, visited);
      return;
    case 'Broken':
      return;
  }
};

interface Context {
  readonly text: string;
  readonly scalars: ReadonlyMap<number, Scalar>;
  readonly edits: Edit[];
  readonly isJson: boolean;
}

interface Collection {
  readonly type: CST.Token['type'];
  readonly items: readonly CST.CollectionItem[];
}

const walk = ({ type, items }: Collection, context: Context): void => {
  const isFlow = type === 'flow-collection';
  for (const item of items) {
    spellKey(item, isFlow, context);
    spellValue(item, isFlow, context);
    for (const token of [item.key, item.value]) if (CST.isCollection(token)) walk(token, context);
  }
};

const spellKey = ({ start, key, sep }: CST.CollectionItem, isFlow: boolean, context: Context): void => {
  const { text, scalars, edits, isJson } = context;
  const written = textOfOneLine(key);
  const scalar = scalars.get(written?.offset ?? -1);
  if (written === undefined || scalar === undefined || scalar.plain || isJson || has(start, 'tag')) return;
  // In brackets `"a":1` is a pair, and `a:1` is a text.
  const colon = sep?.find(({ type }) => type === 'map-value-ind');
  if (isFlow && colon !== undefined && /^\S/.test(text.slice(colon.offset + 1, colon.offset + 2))) return;
  if (typeof scalar.value === 'string') edits.push(...rewrite(written, writtenText(scalar.value, isFlow)));
};

const spellValue = (item: CST.CollectionItem, isFlow: boolean, context: Context): void => {
  const marks = item.sep ?? item.start;
  if (has(marks, 'tag')) return;
  const key = context.scalars.get(item.key?.offset ?? -1);
  const name = key === undefined ? undefined : nameOf(key);
  if (item.value === undefined) {
    if (name !== undefined && !has(marks, 'anchor')) writeNull(name, marks, context);
    return;
  }
  const written = textOfOneLine(item.value);
  const scalar = context.scalars.get(written?.offset ?? -1);
  if (written === undefined || scalar === undefined) return;
  const wanted = has(marks, 'anchor')
    ? quotesOnly(scalar, isFlow, context)
    : spelled(name, scalar, isFlow, context);
  context.edits.push(...rewrite(written, wanted));
};

/** An empty value says that a setting is not ours, which is easily overlooked. */
const writeNull = (name: string, marks: readonly CST.SourceToken[], { edits }: Context): void => {
  const colon = marks.find(({ type }) => type === 'map-value-ind');
  if (colon === undefined || readField(name, emptyScalar(colon.offset))._tag !== 'Null') return;
  const end = colon.offset + 1;
  edits.push({ start: end, end, text: ' null' });
};

/** undefined: as it is. */
const spelled = (
  name: string | undefined,
  scalar: Scalar,
  isFlow: boolean,
  context: Context,
): string | undefined => {
  if (scalar.value === null) return 'null';
  const read = name === undefined ? undefined : readField(name, scalar);
  if (read?._tag !== 'Read' || (read.value === scalar.value && typeof read.value === 'string'))
    return quotesOnly(scalar, isFlow, context);
  if (typeof read.value !== 'string') return String(read.value);
  return context.isJson && !scalar.plain ? JSON.stringify(read.value) : writtenText(read.value, isFlow);
};

const quotesOnly = ({ value, plain }: Scalar, isFlow: boolean, { isJson }: Context): string | undefined =>
  plain || isJson || typeof value !== 'string' ? undefined : writtenText(value, isFlow);

const writtenText = (text: string, isFlow: boolean): string | undefined =>
  isPlainText(text, isFlow) ? text : singleQuoted(text);

const textOfOneLine = (token: CST.Token | null | undefined): CST.FlowScalar | undefined =>
  CST.isScalar(token) && token.type !== 'block-scalar' && !token.source.includes('\n') ? token : undefined;

const has = (marks: readonly CST.SourceToken[], wanted: CST.SourceToken['type']): boolean =>
  marks.some(({ type }) => type === wanted);

const rewrite = ({ offset, source }: CST.FlowScalar, text: string | undefined): readonly Edit[] =>
  text === undefined || text === source ? [] : [{ start: offset, end: offset + source.length, text }];
