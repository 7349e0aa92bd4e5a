/**
 * The index as bytes: a line that tells format, writer and check sums, then columns. What every run needs
 * (stamps, paths, digests) stands first and is read alone; the rest is read when something has changed.
 *
 * Whatever is damaged, cut short or written by another version is as if it were not there: it saves work, and
 * nothing is known from it alone.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { crc32 } from './checksums.js';
import type { KeptText } from './kept-text.js';

/** Changes with the format, and with the meaning of anything in it. */
const formatNumber = 1;

/** One entry a file, in the order of the paths; everything about an entry has its position. */
export interface IndexColumns {
  /** Five numbers each: device, inode, size, time of change of content and of the entry (`FileStamp`). */
  readonly stamps: BigInt64Array;
  /** 1: the stamp proves the content (`isSettled`). */
  readonly settled: Uint8Array;
  /** Relative to the directory. */
  readonly paths: readonly string[];
  /** SHA-256 in hex, one after the other. */
  readonly digests: string;
}

/** What is needed of files that are not looked at, as `Lines` (`index-lines.ts`) has it. */
export interface IndexRest {
  readonly ids: readonly string[];
  readonly declared: readonly string[];
  readonly chunks: readonly string[];
}

export interface IndexHead {
  readonly entries: number;
  /** Of the directory with exactly these files. */
  readonly revision: string;
  /** Belongs to whoever uses the index. */
  readonly memo: string;
}

export interface Index extends IndexHead, IndexColumns {
  /** undefined: it is damaged. */
  readonly rest: () => IndexRest | undefined;
}

/** `read` gives so many bytes from an offset, or fewer where the file ends. */
export const decodeIndex = (
  version: string,
  read: (offset: number, length: number) => Uint8Array,
): Index | undefined => {
  const head = decodeHead(version, read);
  if (head === undefined) return undefined;
  const { entries, bytes: firstByte, parts } = head;
  const [columns, rest] = parts;
  const raw = read(firstByte, columns.bytes);
  if (raw.length !== columns.bytes || crc32(raw) !== columns.sum) return undefined;
  const { buffer, byteOffset } = new Uint8Array(raw.subarray(0, entries * stampBytes));
  const text = decoder.decode(raw.subarray(entries * (stampBytes + 1)));
  const pathsEnd = text.length - entries * digestLength;
  const paths = entries === 0 ? [] : text.slice(0, pathsEnd).split('\0');
  if (paths.length !== entries) return undefined;
  return {
    ...head,
    stamps: new BigInt64Array(buffer, byteOffset, entries * stampFields),
    settled: raw.subarray(entries * stampBytes, entries * (stampBytes + 1)),
    paths,
    digests: text.slice(pathsEnd),
    rest: once(() => decodeRest(entries, rest, read(firstByte + columns.bytes, rest.bytes))),
  };
};

/** The same, of which some was never a text of its own. */
export interface RestToWrite extends Pick<IndexRest, 'chunks'> {
  readonly ids: readonly (string | KeptText)[];
  readonly declared: readonly (string | KeptText)[];
}

/** In pieces, as all of it at once would take more room than all that it is made from. */
export function* encodeIndex(
  version: string,
  head: IndexHead,
  columns: IndexColumns,
  rest: RestToWrite,
): Iterable<Uint8Array> {
  const { entries, revision, memo } = head;
  // Made twice: what stands first tells the sums of what follows.
  const parts = [partOf(firstPieces(columns)), partOf(restPieces(rest))];
  const text = Buffer.from(JSON.stringify({ version, entries, revision, memo, parts }));
  yield Buffer.from(`${title} ${text.length} ${crc32(text)}`.padEnd(titleBytes - 1) + '\n');
  yield text;
  yield* firstPieces(columns);
  yield* restPieces(rest);
}

function* firstPieces({ stamps, settled, paths, digests }: IndexColumns): Iterable<Uint8Array> {
  yield new Uint8Array(stamps.buffer, stamps.byteOffset, stamps.byteLength);
  yield settled;
  yield* joined(paths, '\0');
  yield Buffer.from(digests);
}

const restPieces = ({ ids, declared, chunks }: RestToWrite): Iterable<Uint8Array> =>
  joined([...ids, ...declared, ...chunks], '\n');

/** Every piece in the same memory: it is over when the next one is asked for. */
function* joined(lines: readonly (string | KeptText)[], separator: '\0' | '\n'): Iterable<Uint8Array> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  for (const [number, line] of lines.entries()) {
    // A character of UTF-16 takes three bytes at most.
    const mostBytes = 1 + (typeof line === 'string' ? line.length * 3 : line.end - line.start);
    if (filled + mostBytes > pieceBytes) {
      yield piece.subarray(0, filled);
      filled = 0;
    }
    if (number > 0) filled += piece.write(separator, filled);
    if (mostBytes > pieceBytes) {
      yield piece.subarray(0, filled);
      filled = 0;
      yield typeof line === 'string' ? Buffer.from(line) : line.bytes.subarray(line.start, line.end);
    } else if (typeof line === 'string') filled += piece.write(line, filled);
    else filled += line.bytes.copy(piece, filled, line.start, line.end);
  }
  yield piece.subarray(0, filled);
}

const pieceBytes = 256 * 1024;

const partOf = (pieces: Iterable<Uint8Array>): Part => {
  const part = { bytes: 0, sum: 0 };
  for (const piece of pieces) {
    part.bytes += piece.length;
    part.sum = crc32(piece, part.sum);
  }
  return part;
};

const once = <A>(work: () => A): (() => A) => {
  let done: { readonly value: A } | undefined;
  return () => (done ??= { value: work() }).value;
};

const stampFields = 5;
const stampBytes = stampFields * 8;
const digestLength = 64;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const title = `holdfast index ${formatNumber}`;
const titleBytes = 64;

const Part = t.type({ bytes: t.number, sum: t.number });

const Head = t.type({
  version: t.string,
  entries: t.number,
  revision: t.string,
  memo: t.string,
  parts: t.tuple([Part, Part]),
});

type Part = t.TypeOf<typeof Part>;

interface DecodedHead extends IndexHead {
  /** Where the parts begin. */
  readonly bytes: number;
  readonly parts: readonly [Part, Part];
}

const decodeHead = (
  version: string,
  read: (offset: number, length: number) => Uint8Array,
): DecodedHead | undefined => {
  const [, length, sum] = titlePattern.exec(decoder.decode(read(0, titleBytes))) ?? [];
  if (length === undefined || sum === undefined) return undefined;
  const text = read(titleBytes, Number(length));
  if (text.length !== Number(length) || crc32(text) !== Number(sum)) return undefined;
  const head = Head.decode(JSON.parse(decoder.decode(text)));
  if (E.isLeft(head) || head.right.version !== version) return undefined;
  return { ...head.right, bytes: titleBytes + text.length };
};

const titlePattern = new RegExp(`^${title} ([0-9]{1,9}) ([0-9]{1,10}) *\n$`);

const decodeRest = (entries: number, { bytes, sum }: Part, raw: Uint8Array): IndexRest | undefined => {
  if (raw.length !== bytes || crc32(raw) !== sum) return undefined;
  if (entries === 0) return { ids: [], declared: [], chunks: [] };
  const lines = decoder.decode(raw).split('\n');
  if (lines.length !== 3 * entries) return undefined;
  return {
    ids: lines.slice(0, entries),
    declared: lines.slice(entries, 2 * entries),
    chunks: lines.slice(2 * entries),
  };
};
