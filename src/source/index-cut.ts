/** How a large file was cut, as a line of the index. */
import { chunksOf } from '../desired/chunks.js';
import type { Declared } from '../desired/desired.js';
import { sha256 } from './checksums.js';

/** Bytes, or characters. Of less, parsing all is over before anything could be gained. */
export const smallestCut = 64 * 1024;

/** Of a file without problems: a digest of each piece, and how many conferences it declares. */
export const encodeChunks = (text: string, declared: readonly Declared[]): string => {
  const chunks = text.length < smallestCut ? undefined : chunksOf(text);
  if (chunks === undefined || chunks.length < 2) return '';
  let next = 0;
  return chunks
    .map((chunk, number) => {
      const end = chunks[number + 1]?.line ?? Number.POSITIVE_INFINITY;
      const first = next;
      while ((declared[next]?.at.line ?? end) < end) next += 1;
      return `${digestOf(chunk.text)}:${next - first}:${chunk.line}`;
    })
    .join(' ');
};

export interface KnownChunk {
  readonly declared: readonly Declared[];
  readonly line: number;
}

export const decodeChunks = (
  line: string,
  declared: readonly Declared[],
): ReadonlyMap<string, KnownChunk> => {
  const known = new Map<string, KnownChunk>();
  let next = 0;
  for (const word of line.split(' ')) {
    const [digest = '', count = '', begin = ''] = word.split(':');
    const end = next + Number(count);
    known.set(digest, { declared: declared.slice(next, end), line: Number(begin) });
    next = end;
  }
  return known;
};

export const digestOf = (text: string): string => sha256(text).slice(0, 32);
