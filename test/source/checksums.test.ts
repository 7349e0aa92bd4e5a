import { hash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { nextSha256, sha256 } from '../../src/source/checksums.js';

const content = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', minLength: 200 }),
  fc.uint8Array({ maxLength: 40_000, size: 'max' }),
);

test.prop([content, fc.integer({ min: 0, max: 10 })])('every sum is the one of Node', (content, before) => {
  expect(sha256(content)).toBe(hash('sha256', content));
  expect(nextSha256(content, before)).toBe(hash('sha256', content));
});
