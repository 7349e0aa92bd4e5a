/** "What an answer means", row by row, as far as the ledger is concerned. */
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { outcomeOf, successEvidence, troubleOf, type TroubleContext } from '../../src/apply/outcome.js';
import type { Evidence, Failure } from '../../src/catapult/answer.js';
import type { Body } from '../../src/conference/settings.js';
import type { Outcome, Trouble } from '../../src/ledger/record.js';

const evidence: Evidence = { status: O.some(400), code: O.some('a-code'), message: 'a message' };
const failure = (tag: Failure['_tag']): Failure =>
  tag === 'Limited' ? { _tag: tag, evidence, resetAtMs: O.some(5) } : { _tag: tag, evidence };

const known: Trouble = {
  kind: 'failing',
  evidence: { status: O.none, code: O.none, message: 'before' },
  declared: 'before',
  attempts: 1,
  sinceMs: 100,
  nextAttemptAtMs: O.some(200),
};
const context: TroubleContext = {
  body: { mute: true },
  before: O.none,
  declared: 'now',
  attempts: 3,
  nowMs: 1_000,
  retryAfterMs: O.some(250.6),
};

describe('what a failure leaves', () => {
  it.each<readonly [Failure['_tag'], Body, Outcome['_tag'], Trouble['kind'] | 'none' | 'as before']>([
    ['Rejected', { mute: true }, 'NotExecuted', 'rejected'],
    ['Denied', { mute: true }, 'NotExecuted', 'as before'],
    ['Ended', { mute: true }, 'Ended', 'blocked'],
    ['Ended', { state: 'completed', tag: 't' }, 'Ended', 'none'],
    ['Missing', { mute: true }, 'NotExecuted', 'missing'],
    ['Conflict', { mute: true }, 'NotExecuted', 'failing'],
    ['Limited', { mute: true }, 'NotExecuted', 'as before'],
    ['InDoubt', { mute: true }, 'InDoubt', 'failing'],
    ['Unsent', { mute: true }, 'NotExecuted', 'as before'],
  ])('%s of %j: %s, trouble: %s', (tag, body, outcome, kind) => {
    expect(outcomeOf(failure(tag))).toBe(outcome);
    const first = troubleOf(failure(tag), { ...context, body });
    const after = troubleOf(failure(tag), { ...context, body, before: O.some(known) });
    if (kind === 'as before') {
      expect([first, after]).toStrictEqual([O.none, O.some(known)]);
    } else if (kind === 'none') {
      expect([first, after]).toStrictEqual([O.none, O.none]);
    } else {
      const trouble = { kind, evidence, declared: 'now', attempts: 3, nextAttemptAtMs: O.some(1_251) };
      expect(first).toStrictEqual(O.some({ ...trouble, sinceMs: 1_000 }));
      // Trouble of the same kind has lasted since it began.
      expect(after).toStrictEqual(O.some({ ...trouble, sinceMs: kind === 'failing' ? 100 : 1_000 }));
    }
  });

  it('without another attempt has no time for one', () => {
    expect(troubleOf(failure('Rejected'), { ...context, retryAfterMs: O.none })).toMatchObject(
      O.some({ nextAttemptAtMs: O.none }),
    );
  });
});

it('a success has a status and nothing to say', () => {
  expect(successEvidence(200)).toStrictEqual({ status: O.some(200), code: O.none, message: '' });
});
