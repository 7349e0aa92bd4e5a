/** What people and scripts read of a handful of plans. The golden files are the specification: read them. */
import { describe, expect, it } from 'vitest';
import * as O from 'fp-ts/lib/Option.js';
import * as E from 'fp-ts/lib/Either.js';
import pc from 'picocolors';
import { ConferenceId } from '../../src/conference/id.js';
import type { Place } from '../../src/conference/place.js';
import { seal } from '../../src/conference/url.js';
import type { Rate } from '../../src/ledger/store.js';
import type { Change, Complete, Plan, Refusal } from '../../src/plan/plan.js';
import { planJsonPieces } from '../../src/render/plan-json.js';
import { planMarkdown } from '../../src/render/plan-markdown.js';
import { planText } from '../../src/render/plan-text.js';
import { planOf } from '../arbitrary/plan.js';
import { expectGolden, goldenFiles } from '../support/golden.js';
import { whole } from '../support/whole.js';

const idOf = (text: string): ConferenceId =>
  E.getOrElseW(() => {
    throw new Error(`not an id: ${text}`);
  })(ConferenceId.decode(text));

const at = (line: number, column: number, path = 'desired/a.yaml'): O.Option<Place> =>
  O.some({ path, line, column });

const revision = `dir:sha256:${'0123456789abcdef'.repeat(4)}`;

const secretUrl = (password: string): string => `https://holdfast:${password}@hooks.example.com/conferences`;

const none = (id: string, read = false): Change => ({
  _tag: 'None',
  conference: idOf(id),
  name: O.none,
  read,
});

const completion = (id: string, line: number): Complete => ({
  _tag: 'Complete',
  conference: idOf(id),
  name: O.some(`Room ${line}`),
  lane: 1,
  settings: [{ setting: 'state', from: O.none, to: 'completed', why: 'new', at: at(line, 12) }],
  at: at(line - 1, 3),
  forget: false,
  guard: { _tag: 'Free' },
});

const removed = (id: string, line: number): Change => ({
  _tag: 'Release',
  conference: idOf(id),
  name: O.none,
  at: at(line, 3),
});

const refusal = (id: string, rule: Refusal['rule'], message: string, line: number): Refusal => ({
  conference: idOf(id),
  rule,
  message,
  at: at(line, 3),
});

const everyKind: Plan = planOf(
  {
    revision,
    commit: O.none,
    changes: [
      {
        _tag: 'Update',
        conference: idOf('conf-25adm5b6fxyyd6ad2rcqvoqa'),
        name: O.some('Weekly all-hands'),
        lane: 1,
        settings: [
          { setting: 'hold', from: O.none, to: false, why: 'new', at: at(6, 11) },
          { setting: 'mute', from: O.some(false), to: true, why: 'changed', at: at(7, 11) },
          {
            setting: 'callbackUrl',
            from: O.some(seal(secretUrl('first'))),
            to: secretUrl('second'),
            why: 'changed',
            at: at(8, 18),
          },
          { setting: 'callbackHttpMethod', from: O.some('GET'), to: 'POST', why: 'removed', at: at(5, 3) },
          {
            setting: 'callbackTimeout',
            from: O.some(2000),
            to: 3000,
            why: 'drift',
            sinceMs: O.some(1_700_000_000_000),
            at: at(9, 22),
          },
          {
            setting: 'fallbackUrl',
            from: O.none,
            to: 'https://b.example.com/',
            why: 'drift',
            sinceMs: O.none,
            at: at(10, 18),
          },
          { setting: 'tag', from: O.some('all-hands'), to: 'everybody', why: 'in-doubt', at: at(11, 10) },
        ],
        at: at(5, 3),
        forget: false,
        guard: { _tag: 'Free' },
      },
      {
        _tag: 'Update',
        conference: idOf('conf-3'),
        name: O.none,
        lane: 2,
        settings: [{ setting: 'tag', from: O.none, to: '', why: 'in-doubt', at: at(14, 10) }],
        at: at(13, 3),
        forget: false,
        guard: { _tag: 'Free' },
      },
      {
        _tag: 'Update',
        conference: idOf('conf-gone'),
        name: O.some('Last year'),
        lane: 1,
        settings: [
          { setting: 'mute', from: O.some(true), to: false, why: 'removed', at: O.none },
          { setting: 'callbackTimeout', from: O.none, to: 10_000, why: 'removed', at: O.none },
        ],
        at: O.none,
        forget: true,
        guard: { _tag: 'Free' },
      },
      { ...completion('conf-7qrj2t3lfixl4cgjcdonknaa', 21), guard: { _tag: 'AtMost', audience: 5 } },
      {
        _tag: 'Complete',
        conference: idOf('conf-8'),
        name: O.none,
        lane: 1,
        settings: [
          { setting: 'state', from: O.none, to: 'completed', why: 'in-doubt', at: at(25, 12) },
          { setting: 'tag', from: O.some('a'), to: 'b', why: 'changed', at: at(26, 10) },
        ],
        at: at(24, 3),
        forget: false,
        guard: { _tag: 'WhenEmpty' },
      },
      { _tag: 'Release', conference: idOf('conf-9'), name: O.some('Old board'), at: at(30, 3) },
      { _tag: 'Release', conference: idOf('conf-90'), name: O.none, at: O.none },
      { _tag: 'Suspended', conference: idOf('conf-a'), name: O.some('Being moved'), at: at(33, 3) },
      {
        _tag: 'Blocked',
        conference: idOf('conf-b'),
        name: O.some('Ended'),
        reason: 'completed',
        at: at(36, 3),
      },
      none('conf-c'),
      none('conf-d', true),
    ],
    notes: [
      {
        conference: idOf('conf-c'),
        message: 'tag is not declared any more but stays "x": the API has no way to unset it',
        at: at(40, 3),
      },
      { conference: idOf('conf-d'), message: 'whether it was completed is in doubt', at: O.none },
    ],
    refused: [],
  },
  1,
);

const refused: Plan = planOf(
  {
    revision,
    commit: O.none,
    changes: [
      completion('conf-1', 3),
      completion('conf-2', 6),
      completion('conf-3', 9),
      completion('conf-4', 12),
      removed('conf-5', 15),
    ],
    notes: [],
    refused: [
      refusal('conf-1', 'protected', 'it is protected and would be completed', 2),
      refusal(
        'conf-2',
        'max-complete',
        '6 conferences would be completed at once, more than the 5 allowed',
        5,
      ),
      refusal(
        'conf-3',
        'max-complete',
        '6 conferences would be completed at once, more than the 5 allowed',
        8,
      ),
      refusal(
        'conf-4',
        'max-complete-share',
        '6 of 12 conferences would be completed at once, more than 30 %',
        11,
      ),
      refusal('conf-5', 'everything-removed', 'nothing that the ledger knows is declared any more', 15),
    ],
  },
  0.5,
);

const hostile: Plan = planOf(
  {
    revision: '0123456789abcdef0123456789abcdef01234567',
    commit: O.some({
      sha: '0123456789abcdef0123456789abcdef01234567',
      subject: 'Mute the *all-hands* @everybody',
      author: 'Ann <b>Example</b>',
      email: 'ann@example.com',
      atMs: 1_700_000_000_000,
    }),
    changes: [
      {
        _tag: 'Update',
        conference: idOf(`conf_${'x'.repeat(123)}`),
        name: O.some('</code> | `tick` **bold** @octocat #12\n\u001b[2J\u202eevil 会議 🎉'),
        lane: 1,
        settings: [
          {
            setting: 'mute',
            from: O.some(false),
            to: true,
            why: 'changed',
            at: at(1, 2, 'desired/a|b\u001b.yaml'),
          },
          {
            setting: 'tag',
            from: O.some(`{"note":"${'long '.repeat(20)}","floor":1}`),
            to: `{"note":"${'long '.repeat(20)}","floor":2}`,
            why: 'changed',
            at: at(2, 3),
          },
        ],
        at: at(1, 1),
        forget: false,
        guard: { _tag: 'Free' },
      },
      {
        _tag: 'Update',
        conference: idOf('conf-e'),
        name: O.some('会議 🎉 אבג'),
        lane: 2,
        settings: [
          { setting: 'callbackTimeout', from: O.some(1), to: 2, why: 'changed', at: at(4, 3) },
          { setting: 'tag', from: O.some('会議'), to: '🎉', why: 'changed', at: at(5, 3) },
        ],
        at: at(4, 1),
        forget: false,
        guard: { _tag: 'Free' },
      },
    ],
    notes: [
      {
        conference: idOf('conf-e'),
        message: 'ask @octocat, see #12 and www.example.com | <b>',
        at: at(6, 1),
      },
    ],
    refused: [],
  },
  'unlimited',
);

const asDeclared: Plan = planOf(
  {
    revision,
    commit: O.none,
    changes: ['conf-1', 'conf-2', 'conf-3'].map((id) => none(id)),
    notes: [],
    refused: [],
  },
  1,
);

const heldUp: Plan = planOf(
  {
    revision,
    commit: O.none,
    changes: [
      none('conf-1'),
      { _tag: 'Suspended', conference: idOf('conf-2'), name: O.none, at: at(3, 3) },
      { _tag: 'Blocked', conference: idOf('conf-3'), name: O.none, reason: 'completed', at: at(6, 3) },
    ],
    notes: [],
    refused: [],
  },
  1,
);

const samples: readonly (readonly [string, Plan, Rate])[] = [
  ['every-kind', everyKind, 1],
  ['refused', refused, 0.5],
  ['hostile', hostile, 'unlimited'],
  ['as-declared', asDeclared, 1],
  ['held-up', heldUp, 1],
];

const views: readonly (readonly [string, (plan: Plan, rate: Rate) => string])[] = [
  ['txt', (plan, rate) => planText(plan, pc.createColors(false), { rate, granted: O.none, full: false })],
  ['ansi', (plan, rate) => planText(plan, pc.createColors(true), { rate, granted: O.none, full: false })],
  ['json', (plan) => whole(planJsonPieces(plan))],
  ['md', (plan, rate) => planMarkdown(plan, { rate })],
];

describe.each(samples)('plan %s', (name, plan, rate) => {
  it.each(views)('as %s', (extension, view) => {
    expectGolden(`plan/${name}.${extension}`, view(plan, rate));
  });
});

it('has no golden file that nothing is compared with', () => {
  const compared = samples.flatMap(([name]) => views.map(([extension]) => `${name}.${extension}`));
  expect(goldenFiles('plan')).toEqual(compared.sort());
});
