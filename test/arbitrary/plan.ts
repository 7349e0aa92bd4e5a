/** Plans of every kind, consistent as `makePlan` makes them, with hostile names, tags, paths and passwords. */
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import { ConferenceId } from '../../src/conference/id.js';
import type { Place } from '../../src/conference/place.js';
import {
  isAudible,
  sealValue,
  settingNames,
  type Setting,
  type SettingValue,
} from '../../src/conference/settings.js';
import { callsOf, secondsFor } from '../../src/plan/make-plan.js';
import type { Rate } from '../../src/ledger/store.js';
import type { Change, Plan, Refusal, Remark, SettingChange, Summary, Why } from '../../src/plan/plan.js';
import { commit } from './commit.js';

/** Part of every password in these plans: no output may hold it. */
export const passwordMark = 'hunter2';

export const conferenceId: fc.Arbitrary<ConferenceId> = fc
  .oneof(fc.stringMatching(/^conf-[a-z2-7]{23}$/), {
    weight: 1,
    arbitrary: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  })
  .filter((id): id is ConferenceId => ConferenceId.is(id));

/** What a file may hold: control characters, line breaks, reading direction, markup, halves of characters. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '\u001b[2J',
          '\u001b]0;x\u0007',
          '\r',
          '\n',
          '\t',
          '\u0085',
          '\u009b1A',
          '\u2028',
          '\u202e',
          '\u200f',
        ],
        ...[
          '\ud800',
          '👩‍🚀',
          '会議',
          'א',
          '|',
          '\\|',
          '`',
          '``',
          '<b>',
          '</code>',
          '-->',
          '&amp;',
          '@octocat',
          '#12',
        ],
        ...['www.example.com', 'https://example.com', '[x](y)', '**', '$x$', ':tada:', 'word', ' '],
      ),
      { maxLength: 40 },
    )
    .map((pieces) => pieces.join('')),
  fc.constant(`see https://user:${passwordMark}@example.com/ for more`),
);

const place: fc.Arbitrary<Place> = fc.record({
  // A path is no place for a URL, so nothing looks for a password there.
  path: fc.oneof(
    fc.constantFrom('desired/a.yaml', 'desired/team/b.yml'),
    hostileText.filter((text) => !text.includes(passwordMark)),
  ),
  line: fc.integer({ min: 1, max: 100_000 }),
  column: fc.integer({ min: 1, max: 200 }),
});

const option = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<O.Option<A>> =>
  fc.option(arbitrary, { nil: undefined }).map(O.fromNullable);

const url: fc.Arbitrary<string> = fc
  .record({
    scheme: fc.constantFrom('http', 'https', 'HTTPS'),
    user: fc.constantFrom(
      '',
      'user:hunter2@',
      'us"er:a-hunter2@',
      'u@home:hunter2@x@',
      'only-user@',
      ':hunter2@',
    ),
    host: fc.constantFrom('hooks.example.com', 'localhost:8080', '[::1]:9'),
    path: fc.constantFrom('', '/conferences', '/a?b=c|d', `/${'long/'.repeat(30)}`),
  })
  .map(({ scheme, user, host, path }) => `${scheme}://${user}${host}${path}`);

const values: Readonly<Record<Setting, fc.Arbitrary<SettingValue>>> = {
  state: fc.constant('completed'),
  hold: fc.boolean(),
  mute: fc.boolean(),
  callbackUrl: url,
  callbackHttpMethod: fc.constantFrom('GET', 'POST'),
  callbackTimeout: fc.integer({ min: 1, max: 10_000 }),
  fallbackUrl: url,
  tag: hostileText,
};

const why: fc.Arbitrary<Why> = fc.constantFrom('new', 'changed', 'removed', 'in-doubt', 'drift');

const settingChange = (setting: Setting): fc.Arbitrary<SettingChange> =>
  fc
    .record({
      setting: fc.constant(setting),
      from: option(values[setting].map(sealValue)),
      to: values[setting],
      why,
      at: option(place),
      sinceMs: option(fc.nat()),
    })
    .map(({ why: reason, sinceMs, ...step }) =>
      reason === 'drift' ? { ...step, why: reason, sinceMs } : { ...step, why: reason },
    );

const settingChanges = (names: readonly Setting[]): fc.Arbitrary<readonly SettingChange[]> =>
  fc.tuple(...names.map(settingChange));

const updatable = settingNames.filter((name) => name !== 'state');
const besideState = settingNames.filter((name) => !isAudible(name));

const atMost = fc.nat({ max: 20 }).map((audience) => ({ _tag: 'AtMost', audience }) as const);

const update = (conference: ConferenceId): fc.Arbitrary<Change> =>
  fc
    .record({
      name: option(hostileText),
      settings: fc.subarray(updatable, { minLength: 1 }).chain(settingChanges),
      at: option(place),
      forget: fc.boolean(),
      guard: fc.oneof(fc.constant({ _tag: 'Free' } as const), atMost),
    })
    .map((change) => ({
      _tag: 'Update',
      conference,
      lane: change.settings.some(({ setting }) => isAudible(setting)) ? 1 : 2,
      ...change,
    }));

const complete = (conference: ConferenceId): fc.Arbitrary<Change> =>
  fc
    .record({
      name: option(hostileText),
      settings: fc.subarray(besideState).chain((names) => settingChanges(['state', ...names])),
      at: option(place),
      forget: fc.boolean(),
      guard: fc.oneof(fc.constantFrom({ _tag: 'Free' } as const, { _tag: 'WhenEmpty' } as const), atMost),
    })
    .map((change) => ({ _tag: 'Complete', conference, lane: 1, ...change }));

const quiet = (conference: ConferenceId): fc.Arbitrary<Change> =>
  fc
    .record({
      tag: fc.constantFrom('Release', 'Suspended', 'Blocked', 'None'),
      name: option(hostileText),
      at: option(place),
      read: fc.boolean(),
    })
    .map(({ tag, name, at, read }): Change => {
      if (tag === 'Blocked') return { _tag: tag, conference, name, reason: 'completed', at };
      return tag === 'None' ? { _tag: tag, conference, name, read } : { _tag: tag, conference, name, at };
    });

const change = (conference: ConferenceId): fc.Arbitrary<Change> =>
  fc.oneof(update(conference), complete(conference), quiet(conference));

const remark: fc.Arbitrary<Remark> = fc.record({
  conference: conferenceId,
  message: hostileText,
  at: option(place),
});

const refusal: fc.Arbitrary<Refusal> = fc.record({
  conference: conferenceId,
  message: hostileText,
  at: option(place),
  rule: fc.constantFrom('max-complete', 'max-complete-share', 'protected', 'everything-removed'),
});

export const rate: fc.Arbitrary<Rate> = fc.constantFrom<Rate[]>(1, 0.5, 10, 'unlimited');

export const plan: fc.Arbitrary<Plan> = fc
  .record({
    revision: fc.constantFrom('dir:sha256:0123abcd', '0123abcd'),
    commit: option(commit),
    changes: fc.uniqueArray(conferenceId, { maxLength: 12 }).chain((ids) => fc.tuple(...ids.map(change))),
    notes: fc.array(remark, { maxLength: 4 }),
    refused: fc.array(refusal, { maxLength: 6 }),
    rate,
  })
  .map(({ rate: perSecond, changes, ...rest }) => planOf({ ...rest, changes }, perSecond));

/** Ordered and summed up as every plan is. */
export const planOf = (parts: Omit<Plan, 'summary'>, perSecond: Rate): Plan => {
  const changes = [...parts.changes].sort(byLaneThenId);
  return { ...parts, changes, summary: summaryOf(changes, perSecond) };
};

const summaryOf = (changes: readonly Change[], perSecond: Rate): Summary => {
  const count = (tag: Change['_tag']): number => changes.filter(({ _tag }) => _tag === tag).length;
  const calls = changes.reduce((sum, one) => sum + callsOf(one), 0);
  return {
    update: count('Update'),
    complete: count('Complete'),
    release: count('Release'),
    none: count('None'),
    blocked: count('Blocked'),
    suspended: count('Suspended'),
    calls,
    seconds: secondsFor(calls, perSecond),
  };
};

const byLaneThenId = (left: Change, right: Change): number =>
  laneNumber(left) - laneNumber(right) || (left.conference < right.conference ? -1 : 1);

const laneNumber = (one: Change): number => (one._tag === 'Update' || one._tag === 'Complete' ? one.lane : 3);
