/** What is known of the branch. Law: what changes nothing gives the very same value. */
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/desired/problem.js';
import {
  nothingSeen,
  observationOf,
  sawFailure,
  sawNoBranch,
  sawVerdict,
  startedWith,
  type Refused,
  type Seen,
  type Taken,
} from '../../../src/source/git/seen.js';
import { commit } from '../../arbitrary/commit.js';

const problem: Problem = {
  at: { path: 'a.yaml', line: 1, column: 1 },
  severity: 'error',
  rule: 'invalid-tag',
  message: 'wrong',
  hint: '',
};
const taken: fc.Arbitrary<Taken> = commit.map((one) => ({ commit: one, folder: '', files: [] }));
const refused: fc.Arbitrary<Refused> = fc.oneof(
  commit.map((one) => ({ _tag: 'Invalid' as const, commit: one, problems: [problem] })),
  commit.map((one) => ({ _tag: 'Unsigned' as const, commit: one, message: 'unsigned' })),
  commit.map((one) => ({ _tag: 'Rewound' as const, commit: one, message: 'rewound' })),
);

const change: fc.Arbitrary<(seen: Seen) => Seen> = fc.oneof(
  taken.map((one) => (seen: Seen) => sawVerdict(seen, { _tag: 'Taken', taken: one })),
  refused.map((one) => (seen: Seen) => sawVerdict(seen, { _tag: 'Refused', refused: one })),
  fc.constant(sawNoBranch),
  fc.constantFrom('a', 'b').map((message) => (seen: Seen) => sawFailure(seen, message)),
  taken.map((one) => (seen: Seen) => startedWith(seen, O.some(one))),
);
const seen = fc
  .array(change, { maxLength: 5 })
  .map((changes) => changes.reduce((value, next) => next(value), nothingSeen(O.none)));

describe('seen', () => {
  test.prop([seen])('stays the very same when nothing changes', (before) => {
    const well = sawVerdict(before, { _tag: 'Same' });
    expect(sawVerdict(well, { _tag: 'Same' })).toBe(well);
    const failed = sawFailure(before, 'gone');
    expect(sawFailure(failed, 'gone')).toBe(failed);
    const without = sawNoBranch(before);
    expect(sawNoBranch(without)).toBe(without);
    expect(startedWith(before, O.none)).toBe(before);
  });

  test.prop([seen, refused])('what is refused changes nothing that is in force', (before, next) => {
    const after = observationOf(sawVerdict(before, { _tag: 'Refused', refused: next }));
    const { revision, files, complete, commit: inForce } = observationOf(before);
    expect(after).toMatchObject({ revision, files, complete, commit: inForce });
    expect(after.problems.length + after.obstacles.length).toBeGreaterThan(0);
  });

  test.prop([seen, taken])('nothing is left to tell after a good one', (before, next) => {
    const after = observationOf(sawVerdict(before, { _tag: 'Taken', taken: next }));
    expect(after).toMatchObject({ problems: [], obstacles: [], complete: true, isFinal: true });
    expect(after.revision).toBe(next.commit.sha);
  });

  it('does not call absent what was never read', () => {
    expect(observationOf(sawFailure(nothingSeen(O.some('d'.repeat(40))), 'unreachable'))).toMatchObject({
      revision: '',
      complete: false,
      files: [],
    });
  });
});
