/** The index of what a look found. Files with problems are left out: they are read again until they have none. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { WholeIndex } from './index-content.js';
import { decodeMarked, encodeMarked } from './index-declared.js';
import { writeIndex } from './index-file.js';
import type { Index } from './index-format.js';
import { linesOf, type Lines } from './index-lines.js';
import { makeTextKeeper, textOf, type KeptText } from './kept-text.js';
import { digestAt, stampFields, type IndexLook } from './index-look.js';

/** One character for each conference that a file declares; the index keeps it beside the id. */
export type MarkOf = (conference: ConferenceId, before: O.Option<string>) => string;

export interface IndexFacts {
  readonly revision: string;
  readonly markOf: MarkOf;
  /** Asked after all the marks. */
  readonly memo: () => string;
}

/**
 * Whether a new index would save more than it costs. A file that was just written is not worth it alone: its stamp
 * would prove nothing yet, and whoever edits it is likely to do so again.
 */
export const isWorthWriting = ({ kept, read }: IndexLook, index: Index): boolean => {
  const gone = index.entries - kept.length - read.size;
  const enterable = [...read.values()].filter(
    ({ content }) => content._tag !== 'Parsed' || content.file.problems.length === 0,
  );
  return gone > 0 || enterable.some(({ settled }) => settled) || enterable.length * leastShare > kept.length;
};

/** Reading one file costs as much as writing so many entries. */
const leastShare = 50;

export const saveIndex = (
  path: string,
  version: string,
  look: IndexLook,
  whole: WholeIndex | undefined,
  facts: IndexFacts,
): void => {
  const entries = entriesOf(look, whole, facts.markOf);
  const stamps = new BigInt64Array(entries.length * stampFields);
  entries.forEach((entry, position) => copyStamp(entry, stamps, position));
  writeIndex(
    path,
    version,
    {
      entries: entries.length,
      // With files left out, the revision is not that of the entries.
      revision: entries.length === look.kept.length + look.read.size ? facts.revision : '',
      memo: facts.memo(),
    },
    {
      stamps,
      settled: Uint8Array.from(entries, ({ settled }) => (settled ? 1 : 0)),
      paths: entries.map(({ relative }) => relative),
      digests: entries.map(({ digest }) => digest).join(''),
    },
    {
      ids: entries.map(({ ids }) => ids),
      declared: entries.map(({ declared }) => declared),
      chunks: entries.map(({ chunks }) => chunks),
    },
  );
};

interface Entry extends Pick<Lines, 'chunks'> {
  readonly ids: string | KeptText;
  readonly declared: string | KeptText;
  readonly relative: string;
  readonly digest: string;
  readonly settled: boolean;
  /** Where its stamp is, and at which position. */
  readonly stamps: BigInt64Array;
  readonly stamp: number;
}

const copyStamp = (entry: Entry, stamps: BigInt64Array, position: number): void => {
  for (let field = 0; field < stampFields; field += 1)
    stamps[position * stampFields + field] = entry.stamps[entry.stamp * stampFields + field] ?? 0n;
};

const entriesOf = (look: IndexLook, whole: WholeIndex | undefined, markOf: MarkOf): readonly Entry[] => {
  const entries: Entry[] = [];
  const keepText = makeTextKeeper();
  const remarked = (line: string): KeptText =>
    keepText(
      encodeMarked(decodeMarked(line).map(({ mark, id }) => ({ mark: markOf(id, O.some(mark)), id }))),
    );
  if (whole !== undefined)
    for (const position of look.kept) entries.push(keptEntry(whole, position, remarked));
  const { stamps } = look;
  for (const [relative, { content, digest, settled, stamp }] of look.read) {
    const of = { relative, digest, settled, stamps, stamp };
    if (content._tag === 'Brief') {
      const { ids, declared } = content;
      entries.push({ ...of, ids: remarked(textOf(ids)), declared, chunks: '' });
    }
    if (content._tag === 'Parsed' && content.file.problems.length === 0) {
      const { file, reused } = content;
      entries.push({ ...of, ...linesOf(file, (id) => markOf(id, O.fromNullable(reused.get(id)))) });
    }
    if (content._tag === 'Known' && whole !== undefined)
      entries.push({ ...keptEntry(whole, content.position, remarked), settled, stamps, stamp });
  }
  return entries.sort((left, right) => (left.relative < right.relative ? -1 : 1));
};

const keptEntry = (
  { index, rest }: WholeIndex,
  position: number,
  remarked: (line: string) => KeptText,
): Entry => ({
  relative: index.paths[position] ?? '',
  digest: digestAt(index, position),
  settled: true,
  stamps: index.stamps,
  stamp: position,
  ids: remarked(rest.ids[position] ?? ''),
  declared: rest.declared[position] ?? '',
  chunks: rest.chunks[position] ?? '',
});
