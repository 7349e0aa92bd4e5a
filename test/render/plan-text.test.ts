import { stripVTControlCharacters } from 'node:util';
import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { ConferenceId } from '../../src/conference/id.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Change, Plan } from '../../src/plan/plan.js';
import { planText } from '../../src/render/plan-text.js';
import * as arbitrary from '../arbitrary/plan.js';
import { conference, declare, desiredOf, inputOf } from '../plan/sides.js';

const plain = pc.createColors(false);
const coloured = pc.createColors(true);

describe('planText', () => {
  test.prop([arbitrary.plan, arbitrary.rate, fc.boolean()])(
    'says the same with and without colours',
    (plan, rate, full) => {
      const text = planText(plan, plain, { rate, granted: O.none, full });
      expect(stripVTControlCharacters(planText(plan, coloured, { rate, granted: O.none, full }))).toBe(text);
      expect(text).toMatch(/[^\n]\n$/);
    },
  );

  test.prop([arbitrary.plan])(
    'holds no control character, no mark that turns the text, and no password',
    (plan) => {
      const text = planText(plan, plain, { rate: 1, granted: O.none, full: true });
      expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
      expect(text).not.toContain(arbitrary.passwordMark);
    },
  );

  test.prop([arbitrary.plan])('names every conference that is not as declared', (plan) => {
    const lines = planText(plan, plain, { rate: 1, granted: O.none, full: true }).split('\n');
    for (const { _tag, conference } of plan.changes) {
      const heads = lines.filter((line) => /^[-~.=!] /.test(line) && line.split(/ +/)[2] === conference);
      expect(heads).toHaveLength(_tag === 'None' ? 0 : 1);
    }
  });

  test.prop([arbitrary.plan])('is the same bytes for the same plan', (plan) => {
    const options = { rate: 1, granted: O.none, full: false } as const;
    expect(planText(structuredClone(plan), plain, options)).toBe(planText(plan, plain, options));
  });
});

describe('a long plan', () => {
  const ids =
    fc.sample(fc.uniqueArray(arbitrary.conferenceId, { minLength: 1000, maxLength: 1000 }), 1)[0] ?? [];

  it('shows the first 200 of a group and says how many more there are', () => {
    const text = planText(mutesOf(ids), plain, { rate: 1, granted: O.none, full: false });
    expect(text.match(/^~ /gm)).toHaveLength(200);
    expect(text).toContain('\n… and 800 more (--full shows all)\n');
    expect(text).toMatch(/\nPlan: 1000 to update\n1000 calls, about 16 min 40 s at 1\/s\n$/);
  });

  it('shows exactly 200 without a word', () => {
    const text = planText(mutesOf(ids.slice(0, 200)), plain, { rate: 1, granted: O.none, full: false });
    expect(text.match(/^~ /gm)).toHaveLength(200);
    expect(text).not.toContain('--full');
  });

  it('shows everything when asked', () => {
    const text = planText(mutesOf(ids), plain, { rate: 1, granted: O.none, full: true });
    expect(text.match(/^~ /gm)).toHaveLength(1000);
    expect(text).not.toContain('--full');
  });

  it('cuts notes and refusals the same way', () => {
    const remarks = ids.map((conference) => ({ conference, message: 'something', at: O.none }));
    const refused = remarks.map((remark) => ({ ...remark, rule: 'protected' as const }));
    const text = planText({ ...mutesOf([]), notes: remarks, refused }, plain, {
      rate: 1,
      granted: O.none,
      full: false,
    });
    expect(text.match(/… and 800 more/g)).toHaveLength(2);
    expect(text).toContain('Refused: 1000 ');
  });
});

describe('when there is nothing to do', () => {
  const none = (id: string, read = false): readonly Change[] =>
    ConferenceId.is(id) ? [{ _tag: 'None', conference: id, name: O.none, read }] : [];
  const textOf = (changes: readonly Change[]): string =>
    planText(
      arbitrary.planOf({ revision: 'git:1', commit: O.none, changes, notes: [], refused: [] }, 1),
      plain,
      {
        rate: 1,
        granted: O.none,
        full: false,
      },
    );

  it.each<readonly [string, readonly Change[], string]>([
    [
      'two conferences',
      [...none('conf-1'), ...none('conf-2')],
      'No changes. 2 conferences are as declared.\n',
    ],
    ['one conference', none('conf-1'), 'No changes. 1 conference is as declared.\n'],
    ['none at all', [], 'No changes. No conference is declared.\n'],
    [
      'but a doubt to settle',
      [...none('conf-1'), ...none('conf-2', true)],
      'Revision git:1\nPlan: 1 to read, 1 as declared\n1 call, about 1 s at 1/s\n',
    ],
  ])('%s', (_name, changes, text) => {
    expect(textOf(changes)).toBe(text);
  });
});

function mutesOf(ids: readonly ConferenceId[]): Plan {
  const changes = ids.map(
    (conference): Change => ({
      _tag: 'Update',
      conference,
      name: O.none,
      lane: 1,
      settings: [{ setting: 'mute', from: O.none, to: true, why: 'new', at: O.none }],
      at: O.none,
      forget: false,
      guard: { _tag: 'Free' },
    }),
  );
  return arbitrary.planOf({ revision: 'git:1', commit: O.none, changes, notes: [], refused: [] }, 1);
}

it('says the lanes of the calls, and what the API grants', () => {
  const plan = makePlan(
    inputOf({ desired: desiredOf(declare({ mute: true }), declare({ tag: 't' }, {}, conference('conf-2'))) }),
  );
  const last = (granted: O.Option<number>): string =>
    planText(plan, plain, { rate: 1, granted, full: false }).trimEnd().split('\n').at(-1) ?? '';
  expect(last(O.none)).toBe('2 calls, about 2 s at 1/s: 1 in lane 1, 1 in lane 2');
  expect(last(O.some(0.25))).toBe(
    '2 calls, about 8 s at 0.25/s, which is what the API grants: 1 in lane 1, 1 in lane 2',
  );
});
