import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { AccountFailure } from '../../src/apply/patience.js';
import type { Problem } from '../../src/desired/problem.js';
import type { Alert } from '../../src/ledger/store.js';
import type { Refusal } from '../../src/plan/plan.js';
import { alertsFrom } from '../../src/reconcile/alerts.js';
import type { Contested } from '../../src/plan/drifted.js';
import { conf, conferencePlace } from '../plan/sides.js';

const nowMs = 5_000;
const problem = (severity: Problem['severity'], message = 'it is broken'): Problem => ({
  at: conferencePlace,
  severity,
  rule: 'yaml-syntax',
  message,
  hint: '',
});
const refusal: Refusal = { conference: conf, rule: 'protected', message: 'it is protected', at: O.none };
const contested = (live: boolean): Contested => ({
  conference: conf,
  at: conferencePlace,
  drifted: [
    {
      setting: 'mute',
      declared: O.some(true),
      applied: true,
      live: O.some(live),
      sinceMs: 1,
      at: conferencePlace,
    },
  ],
});
const account = (tag: AccountFailure['_tag']): O.Option<AccountFailure> =>
  O.some({ _tag: tag, evidence: { status: O.none, code: O.none, message: 'no' } });

describe('an alert', () => {
  it.each<
    readonly [string, readonly Problem[], readonly Refusal[], O.Option<AccountFailure>, readonly Alert[]]
  >([
    ['nothing wrong', [], [], O.none, []],
    ['a warning', [problem('warning')], [], O.none, []],
    [
      'a problem',
      [problem('error')],
      [],
      O.none,
      [
        {
          kind: 'invalid',
          message: 'it is broken',
          at: O.some(conferencePlace),
          commit: O.none,
          sinceMs: nowMs,
        },
      ],
    ],
    [
      'something held back',
      [],
      [refusal],
      O.none,
      [{ kind: 'refused', message: 'conf-1: it is protected', at: O.none, commit: O.none, sinceMs: nowMs }],
    ],
    [
      'a refused account',
      [],
      [],
      account('Denied'),
      [{ kind: 'denied', message: 'no', at: O.none, commit: O.none, sinceMs: nowMs }],
    ],
    [
      'nobody there',
      [],
      [],
      account('Unsent'),
      [{ kind: 'unreachable', message: 'no', at: O.none, commit: O.none, sinceMs: nowMs }],
    ],
  ])('%s', (_, problems, refused, paused, expected) => {
    expect(alertsFrom({ problems, obstacles: [], refused, contested: [], paused }, [], nowMs)).toStrictEqual(
      expected,
    );
  });

  it('stands in the order of problems, refusals, contests, account', () => {
    const all = alertsFrom(
      {
        problems: [problem('error'), problem('error', 'b')],
        obstacles: [],
        refused: [refusal],
        contested: [contested(true)],
        paused: account('Denied'),
      },
      [],
      nowMs,
    );
    expect(all.map(({ kind }) => kind)).toStrictEqual([
      'invalid',
      'invalid',
      'refused',
      'contested',
      'denied',
    ]);
  });

  it('keeps its time for as long as it stays, wherever it stands now', () => {
    const before = alertsFrom(
      {
        problems: [problem('error')],
        obstacles: [],
        refused: [refusal],
        contested: [contested(true)],
        paused: account('Denied'),
      },
      [],
      1_000,
    );
    const moved = { ...problem('error'), at: { ...conferencePlace, line: 99 } };
    const other = { ...refusal, message: 'six people are in it' };
    const now = alertsFrom(
      {
        problems: [moved, problem('error', 'new')],
        obstacles: [],
        refused: [other],
        contested: [contested(false)],
        paused: account('Unsent'),
      },
      before,
      nowMs,
    );
    expect(now.map(({ kind, sinceMs }) => [kind, sinceMs])).toStrictEqual([
      ['invalid', 1_000],
      ['invalid', nowMs],
      ['refused', 1_000],
      ['contested', 1_000],
      // Another kind of failure is another alert.
      ['unreachable', nowMs],
    ]);
  });
});
