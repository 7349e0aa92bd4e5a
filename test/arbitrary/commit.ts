/** What a commit may say of itself: anything. */
import fc from 'fast-check';
import type { Commit } from '../../src/conference/revision.js';

const text = fc.string({ unit: 'binary', maxLength: 30 });

export const commit: fc.Arbitrary<Commit> = fc.record(
  {
    sha: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 40, maxLength: 40 }),
    subject: text,
    author: text,
    email: text,
    atMs: fc.nat({ max: 4_000_000_000_000 }),
  },
  { noNullPrototype: true },
);
