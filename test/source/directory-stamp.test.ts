import { describe, expect, test } from 'vitest';
import { isSettled, sameStamp, type FileStamp } from '../../src/source/scan-stamp.js';

const stamp: FileStamp = {
  device: 1n,
  inode: 2n,
  size: 3n,
  modifiedNs: 4_000_000_000n,
  changedNs: 5_000_000_000n,
};

describe('sameStamp', () => {
  test('equal in every part', () => {
    expect(sameStamp(stamp, { ...stamp })).toBe(true);
  });

  test.each<keyof FileStamp>(['device', 'inode', 'size', 'modifiedNs', 'changedNs'])('%s differs', (part) => {
    expect(sameStamp(stamp, { ...stamp, [part]: 9n })).toBe(false);
  });
});

describe('isSettled', () => {
  test.each<[string, Partial<FileStamp>, number, boolean]>([
    ['long ago', {}, 60_000, true],
    ['just after the coarsest tick', {}, 8_001, true],
    ['within the coarsest tick', {}, 8_000, false],
    ['in the same millisecond', {}, 5_000, false],
    ['a clock behind the file system’s', {}, 1_000, false],
    ['an old file whose mode has just changed', { modifiedNs: 0n }, 5_001, false],
    ['a modification time in the future', { modifiedNs: 60_000_000_000n }, 30_000, false],
  ])('%s', (_name, part, readAtMs, expected) => {
    expect(isSettled({ ...stamp, ...part }, readAtMs)).toBe(expected);
  });
});
