/** Why a conference is what it is: nothing that is known is left out, and nothing is made up. */
import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { settingNames } from '../../src/conference/settings.js';
import type { Alert } from '../../src/ledger/store.js';
import { noFacts } from '../../src/ledger/store.js';
import { explain, type Known } from '../../src/plan/explain.js';
import { diffOf } from '../../src/plan/make-plan.js';
import { call } from '../arbitrary/record.js';
import { planInput } from './inputs.js';
import {
  applied,
  conf,
  conference,
  declare,
  desiredOf,
  inDoubt,
  recordOf,
  recordsOf,
  rules,
} from './sides.js';

const commit = { sha: 'a'.repeat(40), subject: 'Mute', author: 'Ann', email: 'ann@example.com', atMs: 1 };

const knownOf = (parts: Partial<Known>): Known => ({
  revision: { revision: 'dir:now', commit: O.none },
  desired: new Map(),
  stored: { records: new Map(), facts: noFacts, writer: O.none },
  calls: [],
  writtenBy: () => O.none,
  rules,
  ...parts,
});

describe('an explanation', () => {
  test.prop([planInput, fc.array(call, { maxLength: 5 })])(
    'is of all that is declared or known, and of what has to happen',
    (input, calls) => {
      const known = knownOf({
        ...input,
        revision: input,
        calls,
        stored: { records: input.records, facts: noFacts, writer: O.none },
      });
      for (const id of new Set([...input.desired.keys(), ...input.records.keys()])) {
        const told = explain(id, known);
        if (O.isNone(told)) throw new Error('it is known');
        const { settings, change } = told.value;
        expect(change).toStrictEqual(diffOf(id, { ...input, live: new Map() }));
        expect(settings.map(({ setting }) => setting)).toStrictEqual(
          settingNames.filter(
            (name) =>
              input.desired.get(id)?.settings[name] !== undefined ||
              input.records.get(id)?.settings[name] !== undefined,
          ),
        );
        for (const { setting, call: carrier, next } of settings) {
          expect(O.toUndefined(carrier)).toBe(calls.find(({ body }) => body[setting] !== undefined));
          const step =
            'settings' in change ? change.settings.find((one) => one.setting === setting) : undefined;
          expect(O.toUndefined(next)).toBe(step);
        }
      }
    },
  );

  it('is none of what is neither declared nor known', () => {
    expect(
      explain(conf, knownOf({ desired: desiredOf(declare({}, {}, conference('conf-other'))) })),
    ).toStrictEqual(O.none);
  });

  it('says who wrote each line, and which value stands where', () => {
    const told = explain(
      conf,
      knownOf({
        desired: desiredOf(declare({ mute: true, tag: null })),
        writtenBy: ({ line }) => (line > 0 ? O.some(commit) : O.none),
      }),
    );
    expect(told).toMatchObject(
      O.some({
        declaredBy: O.some(commit),
        status: O.none,
        settings: [
          {
            setting: 'mute',
            declared: O.some({ value: O.some(true), by: O.some(commit) }),
            condition: O.none,
          },
          { setting: 'tag', declared: O.some({ value: O.none, by: O.some(commit) }) },
        ],
      }),
    );
  });

  it.each([
    ['as applied', {}, O.some({ value: O.some(true), atMs: 7 })],
    [
      'another value',
      { mute: { live: O.some(false), sinceMs: 5 } },
      O.some({ value: O.some(false), atMs: 7 }),
    ],
    ['not set', { mute: { live: O.none, sinceMs: 5 } }, O.some({ value: O.none, atMs: 7 })],
  ])('what was seen live: %s', (_, drift, live) => {
    const sighting = O.some({ atMs: 7, audience: O.none, drift, healedAtMs: [] });
    const record = recordOf({ mute: applied(true) }, { sighting });
    const stored = { records: recordsOf(record), facts: noFacts, writer: O.none };
    const told = explain(conf, knownOf({ desired: desiredOf(declare({ mute: true })), stored }));
    expect(told).toMatchObject(O.some({ settings: [{ setting: 'mute', live }] }));
  });

  it('nothing is known to be live of what is in doubt, or was never looked at', () => {
    const sighting = O.some({ atMs: 7, audience: O.none, drift: {}, healedAtMs: [] });
    for (const record of [
      recordOf({ mute: inDoubt(true) }, { sighting }),
      recordOf({ mute: applied(true) }),
    ]) {
      const stored = { records: recordsOf(record), facts: noFacts, writer: O.none };
      expect(explain(conf, knownOf({ stored }))).toMatchObject(O.some({ settings: [{ live: O.none }] }));
    }
  });

  it('has the alerts that concern it, and not those of others', () => {
    const alert = (kind: Alert['kind'], message: string, path?: string): Alert => ({
      kind,
      message,
      at: path === undefined ? O.none : O.some({ path, line: 1, column: 1 }),
      commit: O.none,
      sinceMs: 1,
    });
    const declared = declare({ mute: true });
    const alerts = [
      alert('refused', `${conf}: it is protected`),
      alert('refused', `${conf}-2: it is protected`),
      alert('invalid', 'broken', declared.at.path),
      alert('invalid', 'broken', 'desired/elsewhere.yaml'),
      alert('denied', 'no'),
      alert('unsigned', 'it is not signed'),
    ];
    const stored = { records: new Map(), facts: { ...noFacts, alerts }, writer: O.none };
    const told = explain(conf, knownOf({ desired: desiredOf(declared), stored }));
    expect(O.isSome(told) ? told.value.alerts : []).toStrictEqual([0, 2, 4, 5].map((index) => alerts[index]));
  });
});
