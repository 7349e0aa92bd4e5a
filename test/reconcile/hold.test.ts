import { test as property } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, test } from 'vitest';
import { ConferenceId } from '../../src/conference/id.js';
import type { SettingValue } from '../../src/conference/settings.js';
import { settingNames } from '../../src/conference/settings.js';
import type { Declared, DeclaredSetting, Desired, Origin } from '../../src/desired/desired.js';
import { holdRemovals } from '../../src/reconcile/hold.js';
import { desired as anyDesired } from '../arbitrary/desired.js';

const at = { path: 'a.yaml', line: 1, column: 1 };
const conference = (text: string): ConferenceId => {
  if (!ConferenceId.is(text)) throw new Error(text);
  return text;
};
const id = conference('conf-1');

const setting = (value: SettingValue | null, origin: Origin = 'own'): DeclaredSetting => ({
  value: O.fromNullable(value),
  at,
  origin,
});

const declare = (words: Partial<Declared> = {}): Declared => ({
  id,
  at,
  name: O.none,
  protect: O.none,
  suspend: false,
  whenEmpty: false,
  settings: {},
  ...words,
});

const only = (...all: readonly Declared[]): Desired => new Map(all.map((one) => [one.id, one]));

interface Rule {
  readonly name: string;
  readonly before: Partial<Declared>;
  readonly now: Partial<Declared>;
  readonly kept: Partial<Declared>;
  readonly held: readonly string[];
}

const completed = setting('completed');

const rules: readonly Rule[] = [
  {
    name: 'a setting that disappears is kept',
    before: { settings: { mute: setting(true), tag: setting('a') } },
    now: { settings: { tag: setting('a') } },
    kept: { settings: { mute: setting(true), tag: setting('a') } },
    held: ['mute'],
  },
  {
    name: 'another value counts at once',
    before: { settings: { mute: setting(true) } },
    now: { settings: { mute: setting(false) } },
    kept: { settings: { mute: setting(false) } },
    held: [],
  },
  {
    name: 'an explicit null counts at once',
    before: { settings: { mute: setting(true) } },
    now: { settings: { mute: setting(null) } },
    kept: { settings: { mute: setting(null) } },
    held: [],
  },
  {
    name: 'a null that disappears is kept',
    before: { settings: { callbackTimeout: setting(null) } },
    now: { settings: { callbackTimeout: setting(2000, 'default') } },
    kept: { settings: { callbackTimeout: setting(null) } },
    held: ['callbackTimeout'],
  },
  {
    name: 'a default that shines through a lost override is not taken',
    before: { settings: { callbackTimeout: setting(500) } },
    now: { settings: { callbackTimeout: setting(2000, 'default') } },
    kept: { settings: { callbackTimeout: setting(500) } },
    held: ['callbackTimeout'],
  },
  {
    name: 'a merged value that shines through a lost override is not taken',
    before: { settings: { mute: setting(true) } },
    now: { settings: { mute: setting(false, 'merged') } },
    kept: { settings: { mute: setting(true) } },
    held: ['mute'],
  },
  {
    name: 'a default behind a lost merge is not taken',
    before: { settings: { mute: setting(true, 'merged') } },
    now: { settings: { mute: setting(false, 'default') } },
    kept: { settings: { mute: setting(true, 'merged') } },
    held: ['mute'],
  },
  {
    name: 'a changed default counts at once',
    before: { settings: { callbackTimeout: setting(500, 'default') } },
    now: { settings: { callbackTimeout: setting(700, 'default') } },
    kept: { settings: { callbackTimeout: setting(700, 'default') } },
    held: [],
  },
  {
    name: 'an override over a default counts at once',
    before: { settings: { callbackTimeout: setting(500, 'default') } },
    now: { settings: { callbackTimeout: setting(700) } },
    kept: { settings: { callbackTimeout: setting(700) } },
    held: [],
  },
  {
    name: 'suspend, protect and name are kept',
    before: { suspend: true, protect: O.some(true), name: O.some('All-hands') },
    now: {},
    kept: { suspend: true, protect: O.some(true), name: O.some('All-hands') },
    held: ['name', 'protect', 'suspend'],
  },
  {
    name: 'protect: false and another name count at once',
    before: { protect: O.some(true), name: O.some('All-hands') },
    now: { protect: O.some(false), name: O.some('Weekly') },
    kept: { protect: O.some(false), name: O.some('Weekly') },
    held: [],
  },
  {
    name: 'whenEmpty is kept beside state',
    before: { settings: { state: completed }, whenEmpty: true },
    now: { settings: { state: completed } },
    kept: { settings: { state: completed }, whenEmpty: true },
    held: ['whenEmpty'],
  },
  {
    name: 'state is kept together with whenEmpty',
    before: { settings: { state: completed }, whenEmpty: true },
    now: {},
    kept: { settings: { state: completed }, whenEmpty: true },
    held: ['whenEmpty', 'state'],
  },
  {
    name: 'whenEmpty goes with a state that is withdrawn by null',
    before: { settings: { state: completed }, whenEmpty: true },
    now: { settings: { state: setting(null) } },
    kept: { settings: { state: setting(null) } },
    held: [],
  },
  {
    name: 'whenEmpty does not come without its state, which is weaker than a null before',
    before: { settings: { state: setting(null) } },
    now: { settings: { state: setting('completed', 'merged') }, whenEmpty: true },
    kept: { settings: { state: setting(null) } },
    held: ['state'],
  },
  {
    name: 'what is added counts at once, also beside what is held',
    before: { settings: { state: completed } },
    now: { settings: { mute: setting(true) }, suspend: true },
    kept: { settings: { state: completed, mute: setting(true) }, suspend: true },
    held: ['state'],
  },
];

describe('within a conference', () => {
  test.each(rules)('$name', ({ before, now, kept, held }) => {
    const result = holdRemovals(only(declare(before)), only(declare(now)));
    expect(result.desired).toEqual(only(declare(kept)));
    expect(result.held).toEqual(held.map((what) => ({ conference: id, what })));
  });
});

test('a conference that disappears is kept whole, others come and change at once', () => {
  const gone = declare({ settings: { mute: setting(true) } });
  const before = declare({ id: conference('conf-2'), settings: { tag: setting('a') } });
  const now = declare({ id: conference('conf-2'), settings: { tag: setting('b') } });
  const added = declare({ id: conference('conf-3') });
  const { desired, held } = holdRemovals(only(gone, before), only(now, added));
  expect(desired).toEqual(only(now, added, gone));
  expect(held).toEqual([{ conference: id, what: 'conference' }]);
});

const strength: Readonly<Record<Origin, number>> = { default: 0, merged: 1, own: 2 };

describe('laws', () => {
  property.prop([anyDesired])('what did not change is itself, nothing held', (all) => {
    expect(holdRemovals(all, all)).toEqual({ desired: all, held: [] });
  });

  property.prop([anyDesired])('the first declarations are taken as they are', (candidate) => {
    expect(holdRemovals(new Map(), candidate)).toEqual({ desired: candidate, held: [] });
  });

  property.prop([anyDesired, anyDesired])(
    'holding the result again changes and holds nothing',
    (inForce, candidate) => {
      const once = holdRemovals(inForce, candidate).desired;
      expect(holdRemovals(inForce, once)).toEqual({ desired: once, held: [] });
      expect(holdRemovals(once, once)).toEqual({ desired: once, held: [] });
    },
  );

  property.prop([anyDesired, anyDesired])('nothing that is in force is lacking', (inForce, candidate) => {
    const { desired } = holdRemovals(inForce, candidate);
    for (const before of inForce.values()) {
      const kept = desired.get(before.id);
      if (kept === undefined) throw new Error(`${before.id} is lacking`);
      expect(Object.keys(kept.settings)).toEqual(expect.arrayContaining(Object.keys(before.settings)));
      for (const name of settingNames) {
        const origin = before.settings[name]?.origin;
        const now = kept.settings[name]?.origin;
        if (origin !== undefined && now !== undefined)
          expect(strength[now]).toBeGreaterThanOrEqual(strength[origin]);
      }
      expect(kept.suspend || !before.suspend).toBe(true);
      expect(O.isSome(kept.protect) || O.isNone(before.protect)).toBe(true);
      expect(O.isSome(kept.name) || O.isNone(before.name)).toBe(true);
      const state = kept.settings.state;
      if (before.whenEmpty && state !== undefined && O.isSome(state.value)) expect(kept.whenEmpty).toBe(true);
    }
  });

  property.prop([anyDesired, anyDesired])(
    'what is declared, and not more weakly, is never delayed',
    (inForce, candidate) => {
      const { desired, held } = holdRemovals(inForce, candidate);
      for (const now of candidate.values()) {
        for (const name of settingNames) {
          const declared = now.settings[name];
          if (declared === undefined) continue;
          const before = inForce.get(now.id)?.settings[name];
          const isWeaker = before !== undefined && strength[declared.origin] < strength[before.origin];
          if (!isWeaker) expect(desired.get(now.id)?.settings[name]).toBe(declared);
          expect(held.some((one) => one.conference === now.id && one.what === name)).toBe(isWeaker);
        }
      }
    },
  );

  property.prop([anyDesired, anyDesired])('whenEmpty never stands without state', (inForce, candidate) => {
    for (const { whenEmpty, settings } of holdRemovals(inForce, candidate).desired.values()) {
      if (whenEmpty) expect(settings.state?.value).toEqual(O.some('completed'));
    }
  });

  property.prop([anyDesired, anyDesired])(
    'held is exactly what the result has and the candidate lacks',
    (inForce, candidate) => {
      const { desired, held } = holdRemovals(inForce, candidate);
      const conferences = new Set(held.map((one) => one.conference));
      for (const [conferenceId, kept] of desired) {
        if (conferences.has(conferenceId)) expect(kept).not.toEqual(candidate.get(conferenceId));
        else expect(kept).toEqual(candidate.get(conferenceId));
      }
    },
  );
});
