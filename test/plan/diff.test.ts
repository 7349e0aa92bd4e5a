/** "What a diff means", row by row. */
import { describe, expect, it } from 'vitest';
import { settingNames, type Body, type Setting, type SettingValue } from '../../src/conference/settings.js';
import type { Declared } from '../../src/desired/desired.js';
import type { Conditions, ConferenceRecord, Drift } from '../../src/ledger/record.js';
import { bodyOf, lingering } from '../../src/plan/diff.js';
import type { Change, OnRemove } from '../../src/plan/plan.js';
import * as O from 'fp-ts/lib/Option.js';
import {
  applied,
  blocked,
  changeOf,
  complete,
  conferencePlace,
  declare,
  diffBetween,
  ended,
  former,
  formerPlace,
  inDoubt,
  live,
  nothing,
  recordOf,
  release,
  snapshot,
  update,
  type Values,
} from './sides.js';

/** For each setting that can be updated: two values, neither the API's default where there is a third. */
const samples: Readonly<Record<Exclude<Setting, 'state'>, readonly [SettingValue, SettingValue, 1 | 2]>> = {
  hold: [true, false, 1],
  mute: [true, false, 1],
  callbackUrl: ['https://a.example.com/', 'https://b.example.com/', 2],
  callbackHttpMethod: ['GET', 'POST', 2],
  callbackTimeout: [2000, 3000, 2],
  fallbackUrl: ['https://a.example.com/f', 'https://b.example.com/f', 2],
  tag: ['v', 'w', 2],
};
const settings = settingNames.flatMap((name) => (name === 'state' ? [] : [name]));

const bodyIn = (change: Change): Body | undefined =>
  change._tag === 'Update' || change._tag === 'Complete' ? bodyOf(change) : undefined;

describe.each(settings)('%s is declared', (setting) => {
  const [v, w, lane] = samples[setting];
  const rows: readonly (readonly [string, Conditions, Change])[] = [
    ['never applied: v', {}, update(lane, changeOf(setting, undefined, v, 'new'))],
    ['applied v: nothing', { [setting]: applied(v) }, nothing()],
    ['applied w: v', { [setting]: applied(w) }, update(lane, changeOf(setting, w, v, 'changed'))],
    ['v in doubt: v', { [setting]: inDoubt(v) }, update(lane, changeOf(setting, undefined, v, 'in-doubt'))],
    [
      'v in doubt after w: v',
      { [setting]: inDoubt(v, w) },
      update(lane, changeOf(setting, w, v, 'in-doubt')),
    ],
    [
      'w in doubt after v: v',
      { [setting]: inDoubt(w, v) },
      update(lane, changeOf(setting, v, v, 'in-doubt')),
    ],
  ];

  it.each(rows)('%s', (_, conditions, expected) => {
    const change = diffBetween(declare({ [setting]: v }), recordOf(conditions));
    expect(change).toStrictEqual(expected);
    expect(bodyIn(change)).toStrictEqual(expected._tag === 'None' ? undefined : { [setting]: v });
  });

  it('in a conference that the ledger has never heard of: v', () => {
    expect(diffBetween(declare({ [setting]: v }), undefined)).toStrictEqual(
      update(lane, changeOf(setting, undefined, v, 'new')),
    );
  });

  it.each([
    ['never applied', {}],
    ['applied', { [setting]: applied(v) }],
    ['in doubt', { [setting]: inDoubt(v, w) }],
  ])('null, %s: nothing', (_, conditions: Conditions) => {
    expect(diffBetween(declare({ [setting]: null }), recordOf(conditions))).toStrictEqual(nothing());
  });
});

describe.each([
  ['hold', true, false, 1],
  ['mute', true, false, 1],
  ['callbackHttpMethod', 'GET', 'POST', 2],
  ['callbackTimeout', 2000, 10_000, 2],
] as const)('%s is not declared any more', (setting, other, byDefault, lane) => {
  const back = (from: SettingValue | undefined): Change =>
    update(lane, changeOf(setting, from, byDefault, 'removed', conferencePlace));

  it.each<readonly [string, Conditions, Change]>([
    ['never applied: nothing', {}, nothing()],
    ['applied with the default: nothing', { [setting]: applied(byDefault) }, nothing()],
    ['applied with another value: the default', { [setting]: applied(other) }, back(other)],
    ['in doubt: the default', { [setting]: inDoubt(other) }, back(undefined)],
    ['in doubt with the default: the default', { [setting]: inDoubt(byDefault, other) }, back(other)],
    ['in doubt after the default: the default', { [setting]: inDoubt(other, byDefault) }, back(byDefault)],
  ])('%s', (_, conditions, expected) => {
    const change = diffBetween(declare({}), recordOf(conditions));
    expect(change).toStrictEqual(expected);
    expect(bodyIn(change)).toStrictEqual(expected._tag === 'None' ? undefined : { [setting]: byDefault });
  });

  it.each([
    ['wait', nothing()],
    ['settings', back(other)],
  ] as const)('some of it may only be out of sight: %s', (removals, expected) => {
    expect(diffBetween(declare({}), recordOf({ [setting]: applied(other) }), { removals })).toStrictEqual(
      expected,
    );
  });
});

describe.each(['callbackUrl', 'fallbackUrl', 'tag'] as const)('%s is not declared any more', (setting) => {
  const [v, w] = samples[setting];
  it.each<readonly [string, Conditions, readonly Setting[]]>([
    ['never applied', {}, []],
    ['applied', { [setting]: applied(v) }, [setting]],
    ['in doubt', { [setting]: inDoubt(v, w) }, [setting]],
  ])('%s: nothing is sent, and it lingers where there is something', (_, conditions, staying) => {
    const record = recordOf(conditions);
    expect(diffBetween(declare({}), record)).toStrictEqual(nothing());
    expect(lingering(declare({}), record)).toStrictEqual(staying);
    expect(lingering(declare({ [setting]: null }), record)).toStrictEqual([]);
    expect(lingering(declare({ [setting]: v }), record)).toStrictEqual([]);
  });
});

const toComplete = changeOf('state', undefined, 'completed', 'new');

describe('state: completed is declared', () => {
  const everything = {
    state: 'completed',
    hold: true,
    mute: true,
    callbackUrl: 'https://a.example.com/',
    callbackHttpMethod: 'GET',
    callbackTimeout: 2000,
    fallbackUrl: 'https://a.example.com/f',
    tag: 't',
  } as const;
  const { callbackUrl, callbackHttpMethod, callbackTimeout, fallbackUrl, tag } = everything;
  const beside = [
    changeOf('callbackUrl', undefined, callbackUrl, 'new'),
    changeOf('callbackHttpMethod', undefined, callbackHttpMethod, 'new'),
    changeOf('callbackTimeout', undefined, callbackTimeout, 'new'),
    changeOf('fallbackUrl', undefined, fallbackUrl, 'new'),
    changeOf('tag', undefined, tag, 'new'),
  ];
  const rows: readonly (readonly [string, Values, Conditions, Change])[] = [
    ['alone', { state: 'completed' }, {}, complete(toComplete)],
    ['with everything new: never hold or mute', everything, {}, complete(toComplete, ...beside)],
    [
      'with only some changed',
      { state: 'completed', tag: 't', callbackTimeout: 2000 },
      { tag: applied('t'), callbackTimeout: applied(3000) },
      complete(toComplete, changeOf('callbackTimeout', 3000, 2000, 'changed')),
    ],
    [
      'in doubt',
      { state: 'completed' },
      { state: inDoubt('completed') },
      complete(changeOf('state', undefined, 'completed', 'in-doubt')),
    ],
    [
      'hold and mute withdrawn',
      { state: 'completed' },
      { hold: applied(true), mute: inDoubt(true) },
      complete(toComplete),
    ],
    [
      'a timeout withdrawn',
      { state: 'completed' },
      { callbackTimeout: applied(2000) },
      complete(toComplete, changeOf('callbackTimeout', 2000, 10_000, 'removed', conferencePlace)),
    ],
  ];

  it.each(rows)('%s', (_, values, conditions, expected) => {
    expect(diffBetween(declare(values), recordOf(conditions))).toStrictEqual(expected);
  });

  it('sends booleans and numbers, one body', () => {
    expect(bodyIn(diffBetween(declare(everything), undefined))).toStrictEqual({
      state: 'completed',
      callbackUrl,
      callbackHttpMethod,
      callbackTimeout,
      fallbackUrl,
      tag,
    });
  });

  it('whenEmpty waits for the last member', () => {
    const declared = declare({ state: 'completed' }, { whenEmpty: true });
    expect(diffBetween(declared, undefined)).toStrictEqual({
      ...complete(toComplete),
      guard: { _tag: 'WhenEmpty' },
    });
  });

  it('a GET that says completed leaves nothing to do', () => {
    const change = diffBetween(declare({ state: 'completed' }), recordOf({}), {
      live: live({}, 'completed'),
    });
    expect(change).toStrictEqual(nothing());
  });
});

describe('the ledger says completed', () => {
  const rows: readonly (readonly [string, Values, Conditions, Change])[] = [
    ['nothing declared', {}, {}, nothing()],
    ['declared completed', { state: 'completed' }, {}, nothing()],
    ['nothing differs', { mute: true, tag: 't' }, { mute: applied(true), tag: applied('t') }, nothing()],
    ['a new value', { mute: true }, {}, blocked],
    ['another value', { tag: 'u' }, { tag: applied('t') }, blocked],
    ['a value in doubt', { tag: 't' }, { tag: inDoubt('t') }, blocked],
    ['a mute was withdrawn', {}, { mute: applied(true) }, blocked],
    ['a tag was withdrawn', {}, { tag: applied('t') }, nothing()],
    ['null', { tag: null }, { tag: applied('t') }, nothing()],
    [
      'declared completed, other hold and mute',
      { state: 'completed', hold: true, mute: true },
      { mute: applied(false) },
      nothing(),
    ],
    ['declared completed, another tag', { state: 'completed', tag: 'u' }, { tag: applied('t') }, blocked],
    [
      'declared completed, the last call left doubt',
      { state: 'completed', tag: 't' },
      { tag: inDoubt('t') },
      nothing(),
    ],
    [
      'declared completed, the last call left doubt about another tag',
      { state: 'completed', tag: 't' },
      { tag: inDoubt('u', 't') },
      nothing(),
    ],
    [
      'declared completed, neither the doubt nor what was before is declared',
      { state: 'completed', tag: 't' },
      { tag: inDoubt('u', 's') },
      blocked,
    ],
    [
      'declared completed, a doubt about another tag and nothing before',
      { state: 'completed', tag: 't' },
      { tag: inDoubt('u') },
      blocked,
    ],
    ['declared completed, a new tag', { state: 'completed', tag: 't' }, {}, blocked],
    [
      'declared completed, a timeout and a method were withdrawn',
      { state: 'completed' },
      { callbackTimeout: applied(2000), callbackHttpMethod: inDoubt('GET') },
      nothing(),
    ],
  ];
  it.each(rows)('%s', (_, values, conditions, expected) => {
    expect(diffBetween(declare(values), recordOf({ ...conditions, ...ended }))).toStrictEqual(expected);
  });

  it('or a GET says it', () => {
    const ending = { live: live({}, 'completed') };
    expect(diffBetween(declare({ mute: true }), recordOf({}), ending)).toStrictEqual(blocked);
    expect(diffBetween(declare({}), recordOf({}), ending)).toStrictEqual(nothing());
  });

  it('what a GET tells of it besides does not matter any more', () => {
    const ending = { live: live({ tag: 'x' }, 'completed') };
    const record = recordOf({ tag: applied('t'), ...ended });
    expect(diffBetween(declare({ tag: 't' }), record, ending)).toStrictEqual(nothing());
    expect(diffBetween(declare({ tag: 'u' }), record, ending)).toStrictEqual(blocked);
    expect(diffBetween(declare({ state: 'completed', tag: 't' }), record, ending)).toStrictEqual(nothing());
  });
});

describe('state: completed was withdrawn', () => {
  const doubt: Conditions = { state: inDoubt('completed') };
  it.each<readonly [string, Values, Conditions, Change]>([
    ['in doubt, nothing to send: one GET', {}, doubt, nothing(true)],
    ['in doubt, all applied: one GET', { tag: 't' }, { ...doubt, tag: applied('t') }, nothing(true)],
    [
      'in doubt, something to send: it goes out',
      { mute: true },
      doubt,
      update(1, changeOf('mute', undefined, true, 'new')),
    ],
    ['not in doubt: nothing', {}, {}, nothing()],
    ['completed: nothing', {}, ended, nothing()],
    ['null: not ours, nothing', { state: null }, doubt, nothing()],
  ])('%s', (_, values, conditions, expected) => {
    expect(diffBetween(declare(values), recordOf(conditions))).toStrictEqual(expected);
  });
});

describe('the whole conference was removed', () => {
  const busy: Conditions = {
    hold: applied(true),
    mute: applied(false),
    callbackUrl: applied('https://a.example.com/'),
    callbackTimeout: inDoubt(2000),
    tag: inDoubt('t'),
  };
  const gone = { ...former, forget: true };
  const reset: Change = {
    ...update(
      1,
      changeOf('hold', true, false, 'removed', formerPlace),
      changeOf('callbackTimeout', undefined, 10_000, 'removed', formerPlace),
    ),
    ...gone,
  };
  const quietReset: Change = {
    ...update(2, changeOf('callbackHttpMethod', 'GET', 'POST', 'removed', formerPlace)),
    ...gone,
  };
  const completing: Change = {
    ...complete(changeOf('state', undefined, 'completed', 'removed', formerPlace)),
    ...gone,
  };
  const doubtfulEnd: Conditions = { state: inDoubt('completed') };
  it.each<readonly [OnRemove, string, Conditions, Change]>([
    ['release', 'not completed', busy, release],
    ['release', 'completed', { ...busy, ...ended }, release],
    ['reset', 'not completed', busy, reset],
    ['reset', 'not completed, nothing heard', { callbackHttpMethod: applied('GET') }, quietReset],
    ['reset', 'not completed, all at the default', { mute: applied(false), tag: applied('t') }, release],
    ['reset', 'completed', { ...busy, ...ended }, release],
    ['complete', 'not completed', busy, completing],
    ['complete', 'in doubt', doubtfulEnd, completing],
    ['complete', 'completed', { ...busy, ...ended }, release],
  ])('--on-remove %s, %s', (onRemove, _, conditions, expected) => {
    expect(diffBetween(undefined, recordOf(conditions), { onRemove })).toStrictEqual(expected);
  });

  it.each<OnRemove>(['release', 'reset', 'complete'])(
    '--on-remove %s: what is out of sight stays',
    (onRemove) => {
      for (const removals of ['wait', 'settings'] as const)
        expect(diffBetween(undefined, recordOf(busy), { onRemove, removals })).toStrictEqual(nothing());
    },
  );

  it.each<OnRemove>(['release', 'reset', 'complete'])(
    '--on-remove %s: a GET that says completed leaves nothing to send',
    (onRemove) => {
      const ending = { onRemove, live: live({}, 'completed') };
      expect(diffBetween(undefined, recordOf(busy), ending)).toStrictEqual(release);
    },
  );

  it.each<readonly [OnRemove, Change]>([
    ['release', release],
    ['reset', reset],
    ['complete', completing],
  ])('--on-remove %s: what was noted as removed still needs its call', (onRemove, expected) => {
    expect(diffBetween(undefined, recordOf(busy, { presence: 'removed' }), { onRemove })).toStrictEqual(
      expected,
    );
  });

  it.each<OnRemove>(['release', 'reset', 'complete'])('--on-remove %s: once is enough', (onRemove) => {
    const record = recordOf({}, { presence: 'released', protected: true, declared: O.none });
    expect(diffBetween(undefined, record, { onRemove })).toStrictEqual(nothing());
  });

  it('without a place when it never was declared', () => {
    expect(diffBetween(undefined, recordOf({}, { declared: O.none }))).toStrictEqual({
      _tag: 'Release',
      conference: 'conf-1',
      name: O.none,
      at: O.none,
    });
  });
});

describe('several settings', () => {
  it('stand in the order of the API, the heard ones decide the lane, and only the changed ones are sent', () => {
    const declared = declare({ tag: 'u', mute: false, callbackTimeout: 2000, hold: true });
    const record = recordOf({
      tag: applied('t'),
      mute: applied(true),
      callbackTimeout: applied(2000),
      callbackHttpMethod: applied('GET'),
    });
    const change = diffBetween(declared, record);
    expect(change).toStrictEqual(
      update(
        1,
        changeOf('hold', undefined, true, 'new'),
        changeOf('mute', true, false, 'changed'),
        changeOf('callbackHttpMethod', 'GET', 'POST', 'removed', conferencePlace),
        changeOf('tag', 't', 'u', 'changed'),
      ),
    );
    expect(JSON.stringify(bodyIn(change))).toBe(
      '{"hold":true,"mute":false,"callbackHttpMethod":"POST","tag":"u"}',
    );
  });

  it('an empty tag is a value', () => {
    expect(diffBetween(declare({ tag: '' }), recordOf({ tag: applied('t') }))).toStrictEqual(
      update(2, changeOf('tag', 't', '', 'changed')),
    );
    expect(diffBetween(declare({ tag: '' }), recordOf({ tag: applied('') }))).toStrictEqual(nothing());
  });

  it('the name is carried along', () => {
    const name = O.some('All hands');
    expect(diffBetween(declare({ mute: true }, { name }), undefined)).toMatchObject({ _tag: 'Update', name });
    expect(diffBetween(declare({}, { name }), undefined)).toMatchObject({ _tag: 'None', name });
  });
});

describe('suspended', () => {
  it.each<readonly [string, Values, Conditions]>([
    ['something to send', { mute: true }, {}],
    ['to be completed', { state: 'completed' }, {}],
    ['ended and different', { mute: true }, ended],
    ['a doubt about its end', {}, { state: inDoubt('completed') }],
    ['nothing to send', {}, {}],
  ])('%s: left alone', (_, values, conditions) => {
    const change = diffBetween(declare(values, { suspend: true }), recordOf(conditions));
    expect(change).toStrictEqual({
      _tag: 'Suspended',
      conference: 'conf-1',
      name: O.none,
      at: O.some(conferencePlace),
    });
  });
});

describe('drift: live differs from the ledger', () => {
  it.each<readonly [string, Values, Conditions, Body, Change]>([
    [
      'another value',
      { tag: 't' },
      { tag: applied('t') },
      { tag: 'x' },
      update(2, changeOf('tag', 'x', 't', 'drift')),
    ],
    ['the same value', { tag: 't' }, { tag: applied('t') }, { tag: 't' }, nothing()],
    [
      'a tag that is not there',
      { tag: 't' },
      { tag: applied('t') },
      {},
      update(2, changeOf('tag', undefined, 't', 'drift')),
    ],
    [
      'a mute that is not there is false',
      { mute: true },
      { mute: applied(true) },
      {},
      update(1, changeOf('mute', false, true, 'drift')),
    ],
    ['a default that is not there', { mute: false }, { mute: applied(false) }, {}, nothing()],
    [
      'a timeout that is not there is 10000',
      { callbackTimeout: 10_000 },
      { callbackTimeout: applied(10_000) },
      {},
      nothing(),
    ],
    ['not declared', {}, {}, { mute: true, tag: 'x' }, nothing()],
    ['null', { mute: null }, { mute: applied(false) }, { mute: true }, nothing()],
    [
      'live as declared, never applied: v',
      { tag: 't' },
      {},
      { tag: 't' },
      update(2, changeOf('tag', undefined, 't', 'new')),
    ],
    [
      'live as declared, applied otherwise: v',
      { tag: 't' },
      { tag: applied('u') },
      { tag: 't' },
      update(2, changeOf('tag', 'u', 't', 'changed')),
    ],
    [
      'live as declared, in doubt: v',
      { tag: 't' },
      { tag: inDoubt('t') },
      { tag: 't' },
      update(2, changeOf('tag', undefined, 't', 'in-doubt')),
    ],
  ])('%s', (_, values, conditions, seen, expected) => {
    const change = diffBetween(declare(values), recordOf(conditions), { live: live(seen) });
    expect(change).toStrictEqual(expected);
  });

  it('began when the ledger first heard of it', () => {
    const drift: Drift = { mute: { live: O.some(false), sinceMs: 7 } };
    const record = recordOf(
      { mute: applied(true) },
      { sighting: O.some({ atMs: 9, audience: O.none, drift, healedAtMs: [] }) },
    );
    expect(diffBetween(declare({ mute: true }), record, { live: live({}) })).toStrictEqual(
      update(1, changeOf('mute', false, true, 'drift', undefined, 7)),
    );
  });
});

describe('drift that is healed', () => {
  const seenTo = (drift: Drift, healedAtMs: readonly number[] = []): Partial<ConferenceRecord> => ({
    sighting: O.some({ atMs: 9, audience: O.none, drift, healedAtMs }),
  });
  const muted = { mute: applied(true), tag: applied('t') };
  const drift: Drift = { mute: { live: O.some(false), sinceMs: 7 } };
  const again = update(1, changeOf('mute', false, true, 'drift', undefined, 7));

  it.each<readonly [string, Values, ConferenceRecord, Change]>([
    ['what drifted is set again', { mute: true, tag: 't' }, recordOf(muted, seenTo(drift)), again],
    [
      'what is not set any more, too',
      { tag: 't' },
      recordOf({ tag: applied('t') }, seenTo({ tag: { live: O.none, sinceMs: 7 } })),
      update(2, changeOf('tag', undefined, 't', 'drift', undefined, 7)),
    ],
    [
      'what was declared otherwise since is a change',
      { mute: false },
      recordOf({ mute: applied(true) }, seenTo(drift)),
      update(1, changeOf('mute', true, false, 'changed')),
    ],
    ['as applied', { mute: true, tag: 't' }, recordOf(muted, seenTo({})), nothing()],
    ['nobody looked', { mute: true }, recordOf({ mute: applied(true) }), nothing()],
    [
      'not declared any more, and the API cannot unset it',
      { mute: true },
      recordOf(muted, seenTo({ tag: { live: O.some('x'), sinceMs: 7 } })),
      nothing(),
    ],
    ['declared null', { mute: null }, recordOf({ mute: applied(true) }, seenTo(drift)), nothing()],
    ['contested', { mute: true }, recordOf(muted, seenTo(drift, [4, 5, 6])), nothing()],
    [
      'not contested, although something that is not declared any more has drifted for long',
      { mute: true },
      recordOf(
        muted,
        seenTo(
          { mute: { live: O.some(false), sinceMs: 90 * 60_000 }, tag: { live: O.some('x'), sinceMs: 3 } },
          [4, 30 * 60_000, 60 * 60_000],
        ),
      ),
      update(1, changeOf('mute', false, true, 'drift', undefined, 90 * 60_000)),
    ],
    ['ended', { mute: true }, recordOf({ ...muted, ...ended }, seenTo(drift)), nothing()],
  ])('%s', (_, values, record, expected) => {
    expect(diffBetween(declare(values), record, { heal: true })).toStrictEqual(expected);
  });

  it('is only told where it is not', () => {
    const record = recordOf(muted, seenTo(drift));
    expect(diffBetween(declare({ mute: true, tag: 't' }), record)).toStrictEqual(nothing());
  });

  it('cuts nobody off: a hold that is set again counts the people first', () => {
    const record = recordOf({ hold: applied(true) }, seenTo({ hold: { live: O.some(false), sinceMs: 7 } }));
    const change = diffBetween(declare({ hold: true }), record, { heal: true, maxAudience: O.some(3) });
    expect(change).toMatchObject({ _tag: 'Update', guard: { _tag: 'AtMost', audience: 3 } });
  });
});

describe('an end that an event reported', () => {
  const reported = (conditions: Conditions): ConferenceRecord =>
    recordOf(conditions, { endReportedAtMs: O.some(5) });

  it.each<readonly [string, Declared | undefined]>([
    ['a change', declare({ mute: true })],
    ['the end that is declared', declare({ state: 'completed' })],
    ['nothing to do', declare({})],
    ['not declared any more', undefined],
  ])('holds back %s until one GET has decided', (_, declared) => {
    const change = diffBetween(declared, reported({ mute: applied(false) }), { onRemove: 'complete' });
    expect(change).toMatchObject({ _tag: 'None', read: true });
  });

  it('does not keep one that is not declared any more from being released', () => {
    const record = reported({ mute: applied(true) });
    expect(diffBetween(undefined, record)._tag).toBe('Release');
  });

  it('does not matter where a GET was made, or where it is left alone', () => {
    const record = reported({ mute: applied(false) });
    const wanted = update(1, changeOf('mute', false, true, 'changed'));
    expect(diffBetween(declare({ mute: true }), record, { live: live({}) })).toStrictEqual(wanted);
    expect(diffBetween(declare({ mute: true }, { suspend: true }), record)._tag).toBe('Suspended');
  });
});

describe('a password', () => {
  const open = 'https://user:secret@hooks.example.com/';
  const sealed = 'https://user:sealed-00000000000000000000000000000000@hooks.example.com/';

  it('that changed is a change, and is sent as declared', () => {
    const change = diffBetween(declare({ callbackUrl: open }), recordOf({ callbackUrl: applied(sealed) }));
    expect(change).toStrictEqual(update(2, changeOf('callbackUrl', sealed, open, 'changed')));
    expect(bodyIn(change)).toStrictEqual({ callbackUrl: open });
  });
});

it('the snapshot of what was declared does not decide', () => {
  const record = recordOf({ mute: applied(true) }, { declared: O.some(snapshot({ mute: false })) });
  expect(diffBetween(declare({ mute: true }), record)).toStrictEqual(nothing());
});
