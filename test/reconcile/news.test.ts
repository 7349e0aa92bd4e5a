import { test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/desired/problem.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { nothingAccepted, type Accepted } from '../../src/reconcile/accept.js';
import { newsIn, type Pass } from '../../src/reconcile/news.js';
import { planInput } from '../plan/inputs.js';
import { applied, conf, conference, declare, ended, inDoubt, inputWith, recordOf } from '../plan/sides.js';

const passOf = (input: PlanInput, accepted: Partial<Accepted> = {}): Pass => ({
  accepted: { ...nothingAccepted, desired: input.desired, ...accepted },
  plan: makePlan(input),
  revision: input.revision,
  commit: input.commit,
});
const nothing = inputWith([]);

const start: Pass = { ...passOf(nothing), revision: '' };
const tagsOf = (before: Pass, now: Pass): readonly string[] => newsIn(before, now).map(({ _tag }) => _tag);

const problem = (message: string, severity: Problem['severity'] = 'error', line = 1): Problem => ({
  at: { path: 'desired/a.yaml', line, column: 3 },
  severity,
  rule: 'yaml-syntax',
  message,
  hint: '',
});
const withProblems = (...problems: readonly Problem[]): Pass => passOf(nothing, { problems });
const held: Accepted['held'] = [{ conference: conf, what: 'conference' }];

const mute = passOf(inputWith([declare({ mute: true })]));
const unmute = passOf(inputWith([declare({ mute: false })]));
const muted = passOf(inputWith([declare({ mute: true })], [recordOf({ mute: applied(true) })]));
const doubtful = passOf(inputWith([declare({ mute: true })], [recordOf({ mute: inDoubt(true) })]));
const blocked = passOf(inputWith([declare({ mute: true })], [recordOf(ended)]));
const refused = passOf(inputWith([declare({ state: 'completed' }, { protect: O.some(true) })]));

/** Beside another conference of which nothing is to be done. */
const withSettled = ({ plan, ...pass }: Pass): Pass => ({
  ...pass,
  plan: {
    ...plan,
    changes: [
      ...plan.changes,
      { _tag: 'None', conference: conference('settled'), name: O.none, read: false },
    ],
  },
});

describe('what is told of a pass', () => {
  it.each<readonly [string, Pass, Pass, readonly string[]]>([
    ['the first one', start, mute, ['Revision', 'Planned']],
    ['the first one, nothing declared', start, passOf(nothing), ['Revision', 'Planned']],
    ['another revision with the same plan', mute, { ...mute, revision: 'dir:2' }, ['Revision', 'Planned']],
    ['another value', mute, unmute, ['Planned']],
    ['work got done', withSettled(mute), withSettled(muted), []],
    ['why a call is needed', mute, doubtful, []],
    ['work came back', muted, mute, ['Planned']],
    ['a problem', passOf(nothing), withProblems(problem('a')), ['Invalid']],
    ['the same problem', withProblems(problem('a')), withProblems(problem('a')), []],
    ['it moved', withProblems(problem('a')), withProblems(problem('a', 'error', 2)), ['Invalid']],
    ['one of two is mended', withProblems(problem('a'), problem('b')), withProblems(problem('a')), []],
    ['all are mended', withProblems(problem('a')), passOf(nothing), ['Mended']],
    [
      'but for a warning',
      withProblems(problem('a')),
      withProblems(problem('b', 'warning')),
      ['Invalid', 'Mended'],
    ],
    ['a warning went away', withProblems(problem('b', 'warning')), passOf(nothing), []],
    ['removals wait', passOf(nothing), passOf(nothing, { held }), ['Held']],
    ['and still wait', passOf(nothing, { held }), passOf(nothing, { held: [...held, ...held] }), []],
    ['and do not wait any more', passOf(nothing, { held }), passOf(nothing), []],
    ['a removal came into force', mute, passOf(nothing), ['Revision']],
    ['a refusal', passOf(nothing), refused, ['Revision', 'Planned', 'Refused']],
    ['the same refusal', refused, refused, []],
    ['it has ended', muted, blocked, ['Planned', 'Blocked']],
    ['and stays so', blocked, blocked, []],
  ])('%s', (_, before, now, expected) => {
    expect(tagsOf(before, now)).toStrictEqual(expected);
  });

  it('names what is new alone', () => {
    const other = declare({ state: 'completed' }, { protect: O.some(true) }, conference('conf-2'));
    const both = passOf(inputWith([declare({ state: 'completed' }, { protect: O.some(true) }), other]));
    expect(newsIn(refused, both).filter(({ _tag }) => _tag === 'Refused')).toMatchObject([
      { refusal: { conference: 'conf-2', rule: 'protected' } },
    ]);
    expect(newsIn(start, mute)[0]).toStrictEqual({
      _tag: 'Revision',
      revision: 'dir:now',
      commit: O.none,
      conferences: 1,
    });
    expect(newsIn(withProblems(problem('a')), withProblems(problem('a'), problem('b')))).toMatchObject([
      { _tag: 'Invalid', problem: { message: 'b' } },
    ]);
  });

  test.prop([planInput])('a pass that is repeated is no news', (input) => {
    const pass = passOf(input);
    expect(newsIn(pass, pass)).toStrictEqual([]);
  });
});
