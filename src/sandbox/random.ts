/** Repeatable randomness: the same seed gives the same faults and the same ids, in the same order. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

export interface Draw {
  /** 0 <= value < 1 */
  readonly value: number;
  /** The seed of the next draw. */
  readonly next: number;
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough to choose faults. */
export const draw = (seed: number): Draw => {
  const next = (seed + 0x6d2b79f5) | 0;
  const mixed = Math.imul(next ^ (next >>> 15), next | 1);
  const value = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
  return { value: ((value ^ (value >>> 14)) >>> 0) / 4294967296, next };
};

/** The nth id that a user gets: the prefix and 23 characters of lower base32, as in the API's samples. */
export const makeId = (prefix: 'conf' | 'member', seed: number, userId: string, nth: number): string => {
  const bytes = sha256(utf8ToBytes(JSON.stringify([prefix, seed, userId, nth])));
  const letters = Array.from(bytes.subarray(0, idLength), (byte) => base32.charAt(byte % base32.length));
  return `${prefix}-${letters.join('')}`;
};

const idLength = 23;
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
