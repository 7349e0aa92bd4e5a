import { test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { planJson, PlanJson, planJsonPieces } from '../../src/render/plan-json.js';
import * as arbitrary from '../arbitrary/plan.js';
import { whole } from '../support/whole.js';

describe('planJson', () => {
  test.prop([arbitrary.plan])('decodes with its codec, as printed', (plan) => {
    expect(PlanJson.decode(JSON.parse(whole(planJsonPieces(plan))))).toEqual(E.right(planJson(plan)));
  });

  test.prop([arbitrary.plan])(
    'lists everything but what is as declared, in the order of the plan',
    (plan) => {
      const listed = plan.changes.filter(({ _tag }) => _tag !== 'None').map(({ conference }) => conference);
      expect(planJson(plan).changes.map(({ conference }) => conference)).toEqual(listed);
    },
  );

  test.prop([arbitrary.plan])('has a body of exactly the changed settings', (plan) => {
    for (const change of planJson(plan).changes) {
      if (change.action !== 'update' && change.action !== 'complete') continue;
      expect(change.body).toEqual(
        Object.fromEntries(change.settings.map(({ setting, to }) => [setting, to])),
      );
    }
  });

  test.prop([arbitrary.plan])(
    'holds no control character, no mark that turns the text, and no password',
    (plan) => {
      const json = whole(planJsonPieces(plan));
      expect(json).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
      expect(json).not.toContain(arbitrary.passwordMark);
    },
  );

  test.prop([arbitrary.plan])('is the same bytes for the same plan', (plan) => {
    expect(whole(planJsonPieces(structuredClone(plan)))).toBe(whole(planJsonPieces(plan)));
  });
});

describe('the codec', () => {
  const empty = planJson(
    arbitrary.planOf({ revision: 'git:1', commit: O.none, changes: [], notes: [], refused: [] }, 1),
  );
  const blocked = { conference: 'conf-1', action: 'blocked', reason: 'completed' };

  it.each([
    ['an empty plan', empty, true],
    ['a blocked conference', { ...empty, changes: [blocked] }, true],
    ['another format version', { ...empty, formatVersion: 2 }, false],
    ['an unknown action', { ...empty, changes: [{ ...blocked, action: 'ignored' }] }, false],
    [
      'a blocked conference without a reason',
      { ...empty, changes: [{ ...blocked, reason: undefined }] },
      false,
    ],
    ['no notes', { ...empty, notes: undefined }, false],
  ])('%s', (_name, json, accepted) => {
    expect(PlanJson.is(json)).toBe(accepted);
  });
});
