/** The laws that hold a plan, the ledger and the API together, on a model of the API. */
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect } from 'vitest';
import { declaredAs, desired } from '../arbitrary/desired.js';
import { conferenceId, option } from '../arbitrary/record.js';
import { body } from '../arbitrary/settings.js';
import { isAudible, settingNames, toBody } from '../../src/conference/settings.js';
import type { Declared, Desired } from '../../src/desired/desired.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { planInput } from './inputs.js';
import {
  applyOnce,
  begin,
  fates,
  finished,
  foldEntries,
  hasEnded,
  intended,
  sendableIn,
  type Fate,
  type Remote,
  type World,
} from './model.js';
import { conference, desiredOf, inputOf, rules } from './sides.js';

const asked = planInput.map((input): PlanInput => ({ ...input, live: new Map() }));

/** All calls of the plan applied, and what needs no call. */
const applyAll = (input: PlanInput): PlanInput => {
  const { plan, records } = begin(input);
  const entries = sendableIn(plan).flatMap((change) => [intended(change), finished(change, 'Applied')]);
  return { ...input, records: foldEntries(records, entries) };
};

describe('what was applied needs no call', () => {
  test.prop([asked], { numRuns: 200 })('the plan after it sends nothing', (input) => {
    const after = makePlan(applyAll(input));
    expect(sendableIn(after)).toStrictEqual([]);
    expect(after.summary).toMatchObject({ update: 0, complete: 0, release: 0 });
  });

  test.prop([asked])('and doing that changes nothing any more', (input) => {
    const once = applyAll(input);
    const twice = applyAll(once);
    expect(makePlan(twice)).toStrictEqual(makePlan(once));
    // The very same records: nothing is written a second time.
    for (const [conference, record] of once.records) expect(twice.records.get(conference)).toBe(record);
    expect(twice.records.size).toBe(once.records.size);
  });
});

const remoteWorld: fc.Arbitrary<Remote> = fc
  .array(fc.tuple(conferenceId, body), { maxLength: 4 })
  .map((all) => new Map(all.map(([id, { state: _, ...settings }]) => [id, settings])));

/** Few conferences, so that one revision speaks of what another has set. */
const revision: fc.Arbitrary<Desired> = fc
  .tuple(...['a', 'b', 'c'].map((name) => option(declaredAs(conference(name)))))
  .map((all) => desiredOf(...all.flatMap((one) => (O.isSome(one) ? [one.value] : []))));

const onRemove = fc.constantFrom('release', 'reset', 'complete');
const answered = (): Fate => 'answered';

const inputFor = (records: PlanInput['records'], wanted: Desired, removed: PlanInput['rules']['onRemove']) =>
  inputOf({ desired: wanted, records, rules: { ...rules, onRemove: removed } });

/** Applies until nothing is to be sent and no doubt is left to decide. Bounded: a plan must come to rest. */
const settle = (world: World, wanted: Desired, removed: PlanInput['rules']['onRemove']): World => {
  let now = world;
  for (let pass = 0; pass < 4; pass += 1) {
    const input = inputFor(now.records, wanted, removed);
    if (pass > 0 && makePlan(input).summary.calls === 0) return now;
    now = applyOnce(input, now.remote, answered);
  }
  throw new Error('it does not come to rest');
};

/** Which declared values are not live, of a conference that is declared and not suspended. */
const missingIn = (declared: Declared, remote: Remote): unknown => {
  const found = remote.get(declared.id) ?? {};
  const completing = O.isSome(declared.settings.state?.value ?? O.none);
  return toBody(
    settingNames.flatMap((name) => {
      const value = declared.settings[name]?.value ?? O.none;
      if (O.isNone(value) || found[name] === value.value) return [];
      return completing && isAudible(name) && name !== 'state' ? [] : [[name, value.value] as const];
    }),
  );
};

describe('running a plan on the model of the API', () => {
  test.prop([desired, remoteWorld, onRemove])(
    'makes every declared value live',
    (wanted, remote, removed) => {
      const world = applyOnce(inputFor(new Map(), wanted, removed), remote, answered);
      for (const declared of wanted.values()) {
        if (declared.suspend) expect(world.remote.get(declared.id)).toStrictEqual(remote.get(declared.id));
        else expect(missingIn(declared, world.remote)).toStrictEqual({});
      }
    },
  );

  test.prop([fc.array(revision, { minLength: 2, maxLength: 4 }), remoteWorld, onRemove])(
    'one revision after the other: what has not ended is as declared, and the rest is known to have ended',
    (revisions, remote, removed) => {
      let world: World = { records: new Map(), remote };
      for (const wanted of revisions) {
        world = applyOnce(inputFor(world.records, wanted, removed), world.remote, answered);
        for (const declared of wanted.values()) {
          if (declared.suspend || hasEnded(world.remote, declared.id)) continue;
          expect(missingIn(declared, world.remote)).toStrictEqual({});
        }
      }
    },
  );

  const fate: fc.Arbitrary<Fate> = fc.constantFrom(...fates);

  test.prop(
    [
      fc.array(revision, { maxLength: 2 }),
      revision,
      remoteWorld,
      onRemove,
      fc.array(fate, { minLength: 1, maxLength: 30 }),
    ],
    {
      numRuns: 200,
    },
  )(
    'fail, lose or be killed at any call, then go on: the same end',
    (earlier, wanted, remote, removed, script) => {
      let start: World = { records: new Map(), remote };
      let next = 0;
      const scripted = (): Fate => script[next++] ?? 'answered';
      // The earlier revisions leave doubts behind; both runs begin with the same ones.
      for (const before of earlier) {
        start = applyOnce(inputFor(start.records, before, removed), start.remote, scripted);
      }
      const straight = settle(start, wanted, removed);

      let troubled = start;
      for (let tries = 0; tries < 40 && next < script.length; tries += 1) {
        const input = inputFor(troubled.records, wanted, removed);
        if (sendableIn(makePlan(input)).length === 0) break;
        troubled = applyOnce(input, troubled.remote, scripted);
      }
      troubled = settle(troubled, wanted, removed);

      expect(sorted(troubled.remote)).toStrictEqual(sorted(straight.remote));
      for (const declared of wanted.values()) {
        if (declared.suspend || hasEnded(troubled.remote, declared.id)) continue;
        expect(missingIn(declared, troubled.remote)).toStrictEqual({});
      }
    },
  );
});

const sorted = (remote: Remote) =>
  [...remote]
    .map(
      ([id, settings]) =>
        [id, toBody(settingNames.flatMap((name) => toEntry(name, settings[name])))] as const,
    )
    .sort(([left], [right]) => (left < right ? -1 : 1));

const toEntry = <K, V>(name: K, value: V | undefined): readonly (readonly [K, V])[] =>
  value === undefined ? [] : [[name, value]];
