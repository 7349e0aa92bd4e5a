/**
 * Node's checksums, loaded when there is much to sum up: most plans find an index and little that has changed, and would
 * wait for cryptography longer than for all of their files.
 */
import { sha256 as slowSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** In hexadecimal digits. */
export const sha256 = (content: string | Uint8Array): string =>
  process.getBuiltinModule('node:crypto').hash('sha256', content);

/** The same. `before`: how many were summed up already; the first few need not wait for Node's. */
export const nextSha256 = (content: string | Uint8Array, before: number): string =>
  before < few && content.length <= shortBytes
    ? bytesToHex(slowSha256(typeof content === 'string' ? utf8ToBytes(content) : content))
    : sha256(content);

const few = 4;

const shortBytes = 16_384;

/** `before`: the sum of what comes before it. */
export const crc32 = (content: string | Uint8Array, before = 0): number =>
  process.getBuiltinModule('node:zlib').crc32(content, before);
