import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { DispatchEvent } from '../../src/apply/dispatch-event.js';
import { findingIn, isLeftOver, resultsFor, type ChangeOutcome } from '../../src/apply/report.js';
import type { Evidence, Failure } from '../../src/catapult/answer.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Change, Sendable } from '../../src/plan/plan.js';
import { callFor } from '../plan/model.js';
import {
  applied,
  blocked,
  changeOf,
  complete,
  conf,
  conference,
  declare,
  desiredOf,
  ended,
  inputOf,
  live,
  nothing,
  recordOf,
  recordsOf,
  release,
  update,
} from '../plan/sides.js';

const evidence: Evidence = { status: O.some(400), code: O.some('a-code'), message: 'a message' };
const failure = (tag: Failure['_tag']): Failure =>
  tag === 'Limited' ? { _tag: tag, evidence, resetAtMs: O.none } : { _tag: tag, evidence };
const mute = update(1, changeOf('mute', undefined, true, 'new'));
const end = complete(changeOf('state', undefined, 'completed', 'new'));
const waits: Sendable = { ...end, guard: { _tag: 'WhenEmpty' } };
const holds: Sendable = { ...mute, guard: { _tag: 'AtMost', audience: 5 } };
const result = { outcome: 'Applied', status: O.some(200), code: O.none, message: '', durationMs: 1 } as const;

const failed = (change: Sendable, tag: Failure['_tag']): DispatchEvent => ({
  _tag: 'Called',
  isProbe: false,
  change,
  settlement: {
    _tag: 'Failed',
    call: callFor(change),
    result,
    failure: failure(tag),
    retryAfterMs: O.none,
  },
});

describe('what an event says', () => {
  it.each<readonly [Failure['_tag'], Sendable, ChangeOutcome]>([
    ['Rejected', mute, 'rejected'],
    ['Denied', mute, 'failed'],
    ['Ended', mute, 'blocked'],
    ['Ended', end, 'applied'],
    ['Ended', { ...mute, forget: true }, 'applied'],
    ['Missing', mute, 'missing'],
    ['Conflict', mute, 'failed'],
    ['Limited', mute, 'failed'],
    ['InDoubt', mute, 'failed'],
    ['Unsent', mute, 'failed'],
  ])('%s of $1._tag: %s', (tag, change, outcome) => {
    const finding = { outcome, evidence: O.some(evidence) };
    expect(findingIn(failed(change, tag))).toStrictEqual(O.some([conf, finding]));
  });

  it.each<readonly [string, DispatchEvent, ChangeOutcome | undefined]>([
    [
      'a success',
      {
        _tag: 'Called',
        change: mute,
        settlement: { _tag: 'Applied', call: callFor(mute), result },
        isProbe: false,
      },
      'applied',
    ],
    ['no call needed any more', { _tag: 'Skipped', change: nothing() }, 'applied'],
    ['no call possible any more', { _tag: 'Skipped', change: blocked }, 'blocked'],
    [
      'people are there',
      { _tag: 'Looked', isNews: true, change: waits, live: live({}), audience: O.some(2) },
      'skipped',
    ],
    [
      'nobody tells',
      { _tag: 'Looked', isNews: true, change: waits, live: live({}), audience: O.none },
      'skipped',
    ],
    [
      'nobody is there',
      { _tag: 'Looked', isNews: true, change: waits, live: live({}), audience: O.some(0) },
      undefined,
    ],
    [
      'it has ended, as declared',
      { _tag: 'Looked', isNews: true, change: waits, live: live({}, 'completed'), audience: O.some(0) },
      'applied',
    ],
    [
      'it has ended, and was to be held',
      { _tag: 'Looked', isNews: true, change: holds, live: live({}, 'completed'), audience: O.some(0) },
      'blocked',
    ],
    [
      'few enough are there',
      { _tag: 'Looked', isNews: true, change: holds, live: live({}), audience: O.some(5) },
      undefined,
    ],
    [
      'too many are there',
      {
        _tag: 'Refused',
        refusal: { conference: conf, message: 'too many', at: O.none, audience: O.some(6) },
        isNews: true,
      },
      'skipped',
    ],
    [
      'a GET failed',
      {
        _tag: 'LookFailed',
        change: waits,
        failure: failure('Missing'),
        retryAfterMs: O.none,
        isProbe: false,
      },
      'missing',
    ],
    [
      'a GET says it ended',
      { _tag: 'LookFailed', change: waits, failure: failure('Ended'), retryAfterMs: O.none, isProbe: false },
      'applied',
    ],
    ['a defect', { _tag: 'Broken', conference: conf, message: 'oh' }, 'failed'],
    ['a pause', { _tag: 'Paused', failure: { _tag: 'Denied', evidence } }, undefined],
    ['its end', { _tag: 'Resumed', answered: true }, undefined],
    ['the ledger', { _tag: 'LedgerFailed', error: { _tag: 'LeaseLost', location: 'x' } }, undefined],
  ])('%s', (_, event, outcome) => {
    const finding = findingIn(event);
    expect(O.isSome(finding) ? finding.value[1].outcome : undefined).toBe(outcome);
    if (O.isSome(finding)) expect(finding.value[0]).toBe(conf);
  });

  it.each([
    [O.some(1), '1 person is still in it'],
    [O.some(2), '2 people are still in it'],
    [O.none, 'the API does not tell whether people are still in it'],
  ])('with %o there: %s', (audience, message) => {
    const finding = findingIn({ _tag: 'Looked', isNews: true, change: waits, live: live({}), audience });
    expect(finding).toMatchObject(O.some([conf, { evidence: O.some({ message }) }]));
  });
});

describe('the results', () => {
  const id = (name: string) => conference(name);
  const plan = makePlan(
    inputOf({
      desired: desiredOf(
        declare({ mute: true }, {}, id('a')),
        declare({ mute: true }, {}, id('b')),
        declare({ mute: true }, {}, id('c-blocked')),
        declare({}, { suspend: true }, id('d-suspended')),
        declare({ tag: 't' }, {}, id('e-none')),
      ),
      records: recordsOf(
        recordOf(ended, {}, id('c-blocked')),
        recordOf({ tag: applied('t') }, {}, id('e-none')),
        recordOf({}, {}, id('f-release')),
      ),
    }),
  );

  it('are one for each change that is not none, in the order of the plan', () => {
    const found = resultsFor(plan, new Map([[id('a'), { outcome: 'failed', evidence: O.some(evidence) }]]));
    expect(found.map(({ change, outcome }) => `${change.conference} ${outcome}`)).toStrictEqual([
      'a failed',
      'b skipped',
      'c-blocked blocked',
      'd-suspended skipped',
      'f-release applied',
    ]);
    expect(found[0]?.evidence).toStrictEqual(O.some(evidence));
  });

  it.each<readonly [ChangeOutcome, boolean]>([
    ['applied', false],
    ['skipped', false],
    ['rejected', true],
    ['missing', true],
    ['failed', true],
    ['blocked', true],
  ])('%s is left otherwise than declared: %s', (outcome, leftOver) => {
    const change: Change = release;
    expect(isLeftOver({ change, outcome, evidence: O.none })).toBe(leftOver);
  });
});
