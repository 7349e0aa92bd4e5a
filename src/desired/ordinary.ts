/**
 * The first of two readers of YAML: it reads what people write nearly always, ten times faster than `yaml`, and
 * leaves everything else to it. `yaml` is the authority: this reader never says that something is wrong.
 *
 * Ordinary are block mappings, one key on a line, indented by blanks, with plain or quoted scalars that begin and end
 * on that line, comments, and documents that `---` divides. Nothing that is named, tagged, escaped, folded or listed
 * is ordinary: it would take a parser, and there is one.
 *
 * Law: a text is not ordinary, or `yaml` reads it without a complaint into the same trees (`parseDocuments`), but for
 * where mappings end: here with their last value. Only problems tell where something ends, and a file with a problem
 * is left to `yaml` as well.
 */
import { ordinaryLines, type KeyLine, type Line } from './ordinary-lines.js';
import { emptyScalar, type Entry, type Mapping, type Tree } from './tree.js';

/** The root of each document. undefined: the text is not ordinary. */
export const ordinaryDocuments = (text: string): readonly Tree[] | undefined => {
  const lines = ordinaryLines(text);
  if (lines === undefined) return undefined;
  const roots: Tree[] = [];
  for (const { at, keys } of documentsOf(lines)) {
    const root = keys.length === 0 ? emptyScalar(at) : rootOf(keys);
    if (root === undefined) return undefined;
    roots.push(root);
  }
  return roots;
};

interface Document {
  /** Where its content may begin. */
  readonly at: number;
  readonly keys: readonly KeyLine[];
}

const documentsOf = (lines: readonly Line[]): readonly Document[] => {
  const documents: Document[] = [];
  let at = 0;
  let keys: KeyLine[] = [];
  for (const line of lines) {
    if (line._tag === 'Key') {
      keys.push(line);
      continue;
    }
    if (line !== lines[0]) documents.push({ at, keys });
    at = line.end;
    keys = [];
  }
  documents.push({ at, keys });
  return documents;
};

const rootOf = (keys: readonly KeyLine[]): Mapping | undefined => {
  const read = readMapping(keys, 0, 1);
  return read?.next === keys.length ? read.mapping : undefined;
};

/** A manifest has no more; with it, this is as deep as `readMapping` calls itself. */
const deepest = 3;

interface MappingRead {
  readonly mapping: Mapping;
  /** The first line below that is not its own. */
  readonly next: number;
}

const readMapping = (keys: readonly KeyLine[], first: number, depth: number): MappingRead | undefined => {
  const indent = keys[first]?.indent ?? 0;
  const entries: Entry[] = [];
  let next = first;
  let end = 0;
  for (let line = keys[next]; line?.indent === indent; line = keys[next]) {
    next += 1;
    let value: Tree = line.value;
    if ((keys[next]?.indent ?? 0) > indent) {
      const below = isEmpty(line.value) && depth < deepest ? readMapping(keys, next, depth + 1) : undefined;
      if (below === undefined) return undefined;
      value = below.mapping;
      next = below.next;
    }
    entries.push({ key: line.key, value });
    end = value.end;
  }
  return { mapping: { _tag: 'Mapping', entries, start: keys[first]?.key.start ?? 0, end }, next };
};

const isEmpty = ({ start, end }: Tree): boolean => start === end;
