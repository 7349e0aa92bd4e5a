import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { bodyEntries, settingNames, type Body, type Setting } from '../../src/conference/settings.js';
import { emptyRecord, evolve, isCompleted, type Entry } from '../../src/ledger/entry.js';
import type { Condition, ConferenceRecord, DeclaredSnapshot, Outcome } from '../../src/ledger/record.js';
import type { Call } from '../../src/ledger/store.js';
import { call, conferenceRecord, declaredSnapshot, option, trouble } from '../arbitrary/record.js';
import { settingName } from '../arbitrary/settings.js';
import { aCall, aRecord, id } from './sqlite-state.js';
import { someTrouble } from './trouble.js';

const conference = id('conf-1');
const applied = (value: boolean | string): Condition => ({ _tag: 'Applied', value });
const inDoubt = (value: boolean | string, before?: boolean | string): Condition => ({
  _tag: 'InDoubt',
  value,
  before: O.fromNullable(before),
});

const intended = (made: Call): Entry => ({ _tag: 'Intended', conference, call: made });
const finished = (
  made: Call,
  outcome: Outcome['_tag'],
  forget = false,
  trouble: ConferenceRecord['trouble'] = O.none,
): Entry => ({
  _tag: 'Finished',
  conference,
  call: made,
  result: { outcome, status: O.some(200), code: O.none, message: '', durationMs: 7 },
  trouble,
  forget,
});

const notExecuted = {
  outcome: 'NotExecuted',
  status: O.none,
  code: O.none,
  message: '',
  durationMs: 0,
} as const;

const fold = (record: O.Option<ConferenceRecord>, ...entries: readonly Entry[]): O.Option<ConferenceRecord> =>
  entries.reduce(evolve, record);

const get = (record: O.Option<ConferenceRecord>): ConferenceRecord => {
  if (O.isNone(record)) throw new Error('it was forgotten');
  return record.value;
};

const snapshot: DeclaredSnapshot = {
  at: { path: 'a.yaml', line: 2, column: 3 },
  name: O.none,
  suspend: false,
  whenEmpty: false,
  settings: { mute: true } satisfies Body,
  revision: 'one',
  commit: O.none,
};

describe('a call', () => {
  const known = aRecord('conf-1', { mute: applied(false), tag: inDoubt('b', 'a'), hold: applied(true) });
  const made = aCall(3, {
    body: { mute: true, tag: 'c', callbackUrl: 'https://a.example.com/' },
    startedAtMs: 9,
  });

  it('that is intended puts its settings in doubt and remembers what was applied', () => {
    expect(get(fold(O.some(known), intended(made)))).toStrictEqual({
      ...known,
      settings: {
        mute: inDoubt(true, false),
        tag: inDoubt('c', 'a'),
        hold: applied(true),
        callbackUrl: inDoubt('https://a.example.com/'),
      },
      intent: O.some({
        call: 3,
        body: made.body,
        before: { mute: applied(false), tag: inDoubt('b', 'a') },
        startedAtMs: 9,
      }),
    });
  });

  const stateful = aCall(4, { body: { state: 'completed', tag: 'c' } });
  it.each<readonly [string, Call, Outcome['_tag'], ConferenceRecord['settings']]>([
    [
      'applied',
      made,
      'Applied',
      {
        mute: applied(true),
        tag: applied('c'),
        hold: applied(true),
        callbackUrl: applied('https://a.example.com/'),
      },
    ],
    ['not executed', made, 'NotExecuted', known.settings],
    [
      'in doubt',
      made,
      'InDoubt',
      {
        mute: inDoubt(true, false),
        tag: inDoubt('c', 'a'),
        hold: applied(true),
        callbackUrl: inDoubt('https://a.example.com/'),
      },
    ],
    ['ended before it', made, 'Ended', { ...known.settings, state: applied('completed') }],
    [
      'applied, and completes',
      stateful,
      'Applied',
      { ...known.settings, tag: applied('c'), state: applied('completed') },
    ],
    [
      'ended, and was to complete: the rest stays in doubt',
      stateful,
      'Ended',
      { ...known.settings, tag: inDoubt('c', 'a'), state: applied('completed') },
    ],
  ])('that was %s', (_, sent, outcome, settings) => {
    const record = get(fold(O.some(known), intended(sent), finished(sent, outcome)));
    expect(record).toStrictEqual({
      ...known,
      settings,
      intent: O.none,
      lastCall: O.some({
        call: sent.call,
        atMs: sent.startedAtMs,
        durationMs: 7,
        body: sent.body,
        outcome,
        status: O.some(200),
      }),
    });
  });

  it('that never left is as if it had not been intended', () => {
    const withheld: Entry = { _tag: 'Withheld', conference, call: made, result: notExecuted };
    expect(fold(O.some(known), intended(made), withheld)).toStrictEqual(O.some(known));
    expect(evolve(O.some(known), withheld)).toStrictEqual(O.some(known));
  });

  it('whose process is gone leaves its doubts, and is not under way any more', () => {
    const abandoned: Entry = { _tag: 'Abandoned', conference };
    const left = get(fold(O.some(known), intended(made)));
    expect(get(fold(O.some(left), abandoned))).toStrictEqual({ ...left, intent: O.none });
    expect(get(fold(O.some(left), abandoned, finished(made, 'Applied')))).toStrictEqual({
      ...left,
      intent: O.none,
    });
  });

  it.each<readonly [Outcome['_tag'], boolean]>([
    ['Applied', true],
    ['NotExecuted', false],
    ['InDoubt', false],
    ['Ended', true],
  ])('of a removed conference that was %s: forgotten %s', (outcome, gone) => {
    const removed: Entry = { _tag: 'Removed', conference, atMs: 7 };
    const ends = finished(made, outcome, true);
    expect(O.isNone(fold(O.some(known), removed, intended(made), ends))).toBe(gone);
    expect(O.isNone(fold(O.some(known), intended(made), removed, ends))).toBe(gone);
  });

  it('of a removed conference that was declared again meanwhile: it is not forgotten', () => {
    const again: Entry = { _tag: 'Declared', conference, snapshot, atMs: 7 };
    const removed = fold(O.some(known), { _tag: 'Removed', conference, atMs: 7 }, intended(made));
    const record = get(fold(removed, again, finished(made, 'Applied', true)));
    expect(record).toMatchObject({ presence: 'declared', settings: { mute: applied(true) }, intent: O.none });
  });

  it('that is not the one under way changes nothing any more', () => {
    const under = fold(O.some({ ...known, protected: true }), intended(made));
    expect(evolve(under, finished({ ...made, call: 2 }, 'Applied'))).toBe(under);
    const released = fold(under, { _tag: 'Released', conference });
    for (const outcome of ['Applied', 'NotExecuted', 'InDoubt', 'Ended'] as const) {
      expect(evolve(released, finished(made, outcome))).toBe(released);
      expect(evolve(O.none, finished(made, outcome, true))).toBe(O.none);
    }
  });

  it('that was applied without the state decides that the conference has not ended', () => {
    const doubtful = { ...known, settings: { ...known.settings, state: inDoubt('completed') } };
    const after = (outcome: Outcome['_tag']) =>
      get(fold(O.some(doubtful), intended(made), finished(made, outcome))).settings.state;
    expect(after('Applied')).toBeUndefined();
    expect(after('NotExecuted')).toStrictEqual(inDoubt('completed'));
    expect(after('InDoubt')).toStrictEqual(inDoubt('completed'));
    expect(after('Ended')).toStrictEqual(applied('completed'));
    const over = { ...known, settings: { state: applied('completed') } };
    expect(isCompleted(get(fold(O.some(over), intended(made), finished(made, 'Applied'))))).toBe(true);
  });

  it('carries its trouble until the next one', () => {
    const failing = fold(O.some(known), intended(made), finished(made, 'InDoubt', false, someTrouble));
    expect(get(failing).trouble).toStrictEqual(someTrouble);
    expect(get(fold(failing, intended(made))).trouble).toStrictEqual(someTrouble);
    expect(get(fold(failing, intended(made), finished(made, 'Applied'))).trouble).toStrictEqual(O.none);
  });

  test.prop([conferenceRecord, call])(
    'that was not executed leaves every condition as it was',
    (record, sent) => {
      const after = get(fold(O.some(record), intended(sent), finished(sent, 'NotExecuted')));
      expect(after.settings).toStrictEqual(record.settings);
      expect(after.intent).toStrictEqual(O.none);
    },
  );

  test.prop([conferenceRecord, call])(
    'that was intended leaves all of its settings in doubt, others alone',
    (record, sent) => {
      const after = get(fold(O.some(record), intended(sent)));
      for (const name of settingNames) {
        const value = sent.body[name];
        const expected = value === undefined ? record.settings[name] : doubted(record.settings[name], value);
        expect(after.settings[name]).toStrictEqual(expected);
      }
      expect(get(fold(O.some(after), finished(sent, 'InDoubt'))).settings).toStrictEqual(after.settings);
    },
  );

  test.prop([conferenceRecord, call, call])(
    'intended after one that never ended: applied once, before is kept',
    (record, lost, sent) => {
      const before = get(fold(O.some(record), intended(lost), intended(sent)));
      for (const [name] of bodyEntries(sent.body)) {
        expect(before.settings[name]).toMatchObject({ before: lastApplied(record.settings[name]) });
      }
      const after = get(fold(O.some(before), finished(sent, 'NotExecuted')));
      expect(after.settings).toStrictEqual(get(fold(O.some(record), intended(lost))).settings);
    },
  );

  test.prop([conferenceRecord, call])('that was applied is what its body says', (record, sent) => {
    const { settings } = get(fold(O.some(record), intended(sent), finished(sent, 'Applied')));
    for (const [name, value] of bodyEntries(sent.body))
      expect(settings[name]).toStrictEqual({ _tag: 'Applied', value });
  });
});

describe('without a call', () => {
  const known = aRecord('conf-1', { mute: applied(true), tag: inDoubt('b', 'a') });
  const settled = { ...known, settings: { ...known.settings, state: applied('completed') } };

  it('what is not ours is forgotten, but never that a conference has ended', () => {
    const forgotten: Entry = { _tag: 'Forgotten', conference, settings: ['state', 'tag', 'hold'] };
    expect(get(fold(O.some(settled), forgotten)).settings).toStrictEqual({
      mute: applied(true),
      state: applied('completed'),
    });
    const doubtful = { ...known, settings: { state: inDoubt('completed') } };
    expect(get(fold(O.some(doubtful), forgotten)).settings).toStrictEqual({});
  });

  it('a GET decides whether it has ended', () => {
    const doubtful = { ...known, settings: { ...known.settings, state: inDoubt('completed') } };
    const learned = (completed: boolean): Entry => sighted({ completed });
    expect(get(fold(O.some(doubtful), learned(false))).settings).toStrictEqual(known.settings);
    expect(isCompleted(get(fold(O.some(doubtful), learned(true))))).toBe(true);
    expect(isCompleted(doubtful)).toBe(false);
  });

  it('released is forgotten, but for the protection', () => {
    const released: Entry = { _tag: 'Released', conference };
    expect(fold(O.some(known), released)).toStrictEqual(O.none);
    expect(fold(O.some({ ...known, protected: true }), released)).toStrictEqual(
      O.some({ ...emptyRecord(conference), protected: true, presence: 'released' }),
    );
    const erased: Entry = { _tag: 'Erased', conference };
    expect(fold(O.some({ ...known, protected: true }), erased)).toStrictEqual(O.none);
  });

  it('completed and removed, but protected: the protection stays', () => {
    const made = aCall(1, { body: { state: 'completed' } });
    const record = fold(
      O.some({ ...known, protected: true }),
      { _tag: 'Removed', conference, atMs: 7 },
      intended(made),
      finished(made, 'Applied', true),
    );
    expect(record).toStrictEqual(
      O.some({ ...emptyRecord(conference), protected: true, presence: 'released' }),
    );
  });

  it('declared again is known again; the same declaration of another revision is no news', () => {
    const declared = (revision: string): Entry => ({
      _tag: 'Declared',
      conference,
      snapshot: {
        ...snapshot,
        revision,
        commit:
          revision === 'one'
            ? O.none
            : O.some({ sha: revision, subject: 'Two', author: 'Ann', email: 'ann@example.com', atMs: 1 }),
      },
      atMs: 7,
    });
    const first = fold(
      O.some({ ...aRecord('conf-1'), protected: true, presence: 'released' }),
      declared('one'),
    );
    expect(get(first)).toMatchObject({ presence: 'declared', protected: true, declared: O.some(snapshot) });
    expect(fold(first, declared('two'))).toBe(first);
    const moved = { ...snapshot, at: { ...snapshot.at, line: 3 } };
    expect(fold(first, { _tag: 'Declared', conference, snapshot: moved, atMs: 7 })).not.toBe(first);
  });

  it.each<readonly [string, Partial<DeclaredSnapshot>, ConferenceRecord['presence'], boolean]>([
    ['the same again', {}, 'declared', true],
    ['the same elsewhere', { at: { path: 'b.yaml', line: 9, column: 9 }, revision: 'two' }, 'declared', true],
    ['another name', { name: O.some('N') }, 'declared', true],
    ['another value', { settings: { mute: false } }, 'declared', false],
    ['another word', { suspend: true }, 'declared', false],
    ['the same after a removal', {}, 'removed', false],
    ['the same after it was let go', {}, 'released', false],
  ])('%s: the trouble stays %s', (_, change, presence, stays) => {
    const before = { ...known, presence, declared: O.some(snapshot), trouble: someTrouble };
    const entry: Entry = { _tag: 'Declared', conference, snapshot: { ...snapshot, ...change }, atMs: 7 };
    const after = get(fold(O.some(before), entry));
    expect(after).toMatchObject({ presence: 'declared', trouble: stays ? someTrouble : O.none });
    expect(after.settings).toStrictEqual(known.settings);
  });

  it('removed is remembered with all that was applied, without its trouble', () => {
    const removed: Entry = { _tag: 'Removed', conference, atMs: 7 };
    const before = { ...known, declared: O.some(snapshot), trouble: someTrouble };
    const after = fold(O.some(before), removed);
    expect(get(after)).toStrictEqual({
      ...before,
      presence: 'removed',
      trouble: O.none,
      declaredSinceMs: O.some(7),
    });
    const troubled = fold(after, { _tag: 'Troubled', conference, trouble: someTrouble });
    expect(fold(troubled, removed)).toBe(troubled);
    const released = O.some({ ...known, presence: 'released' as const });
    expect(fold(released, removed)).toBe(released);
  });

  it('what was let go is not let go a second time', () => {
    const released = O.some({ ...emptyRecord(conference), protected: true, presence: 'released' as const });
    expect(fold(released, { _tag: 'Released', conference })).toBe(released);
  });

  it('a GET that says completed clears the trouble, also when that was known', () => {
    const troubled = O.some({ ...settled, trouble: someTrouble });
    const learned: Entry = sighted({ completed: true });
    expect(get(fold(troubled, learned))).toStrictEqual(settled);
    const over = O.some(settled);
    expect(fold(over, learned)).toBe(over);
  });
});

describe('an entry that changes nothing returns the very same record', () => {
  const everySetting: fc.Arbitrary<readonly Setting[]> = fc.uniqueArray(settingName);
  const entries: readonly (readonly [Entry['_tag'], fc.Arbitrary<Entry>])[] = [
    ['Declared', declaredSnapshot.map((snapshot) => ({ _tag: 'Declared', conference, snapshot, atMs: 7 }))],
    ['Protected', fc.boolean().map((guarded) => ({ _tag: 'Protected', conference, protected: guarded }))],
    ['Forgotten', everySetting.map((settings) => ({ _tag: 'Forgotten', conference, settings }))],
    ['Removed', fc.constant({ _tag: 'Removed', conference, atMs: 7 })],
    ['Released', fc.constant({ _tag: 'Released', conference })],
    ['Finished', call.map((made) => finished(made, 'Ended'))],
    ['Erased', fc.constant({ _tag: 'Erased', conference })],
    ['Sighted', fc.constant(sighted({ completed: true }))],
    ['EndReported', fc.nat().map((atMs) => ({ _tag: 'EndReported', conference, atMs }))],
    ['Troubled', option(trouble).map((found) => ({ _tag: 'Troubled', conference, trouble: found }))],
  ];
  const ours = conferenceRecord.map((record): ConferenceRecord => ({ ...record, id: conference }));

  for (const [tag, entry] of entries) {
    test.prop([option(ours), entry])(`${tag}, taken a second time`, (record, taken) => {
      const once = evolve(record, taken);
      expect(evolve(once, taken)).toBe(once);
    });
  }
});

function doubted(condition: Condition | undefined, value: Condition['value']): Condition {
  return { _tag: 'InDoubt', value, before: lastApplied(condition) };
}

function lastApplied(condition: Condition | undefined): O.Option<Condition['value']> {
  if (condition === undefined) return O.none;
  return condition._tag === 'Applied' ? O.some(condition.value) : condition.before;
}

function sighted(seen: Partial<Extract<Entry, { _tag: 'Sighted' }>>): Entry {
  return { _tag: 'Sighted', conference, completed: false, settings: {}, audience: O.none, atMs: 7, ...seen };
}
