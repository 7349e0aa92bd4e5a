import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/plan/status.js';
import { noFacts } from '../../src/ledger/store.js';
import * as O from 'fp-ts/lib/Option.js';
import { jsonPieces } from '../../src/render/json-pieces.js';
import { gathered } from '../../src/render/pieces.js';
import { planJson, planJsonPieces } from '../../src/render/plan-json.js';
import { safeJsonText } from '../../src/render/safe-text.js';
import { statusJsonPieces } from '../../src/render/status-json.js';
import { compared } from '../arbitrary/compared.js';
import * as arbitrary from '../arbitrary/plan.js';
import { applied, conference, recordOf, recordsOf, rules } from '../plan/sides.js';
import { whole } from '../support/whole.js';

const atOnce = (document: unknown): string => `${safeJsonText(JSON.stringify(document, null, 2))}\n`;

function* oneByOne(items: readonly unknown[]): Generator {
  yield* items;
}

describe('a document in pieces', () => {
  test.prop([fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.boolean()])(
    'is what it is at once, with lists or without',
    (document, isLazy) => {
      const members = Object.entries(document).map(([key, value]): readonly [string, unknown] => [
        key,
        Array.isArray(value) && isLazy ? oneByOne(value) : value,
      ]);
      expect(whole(jsonPieces(Object.fromEntries<unknown>(members)))).toBe(
        atOnce(Object.fromEntries(Object.entries(document))),
      );
    },
  );

  test.prop([arbitrary.plan, compared])('is the plan, byte for byte', (plan, beside) => {
    expect(whole(planJsonPieces(plan, beside))).toBe(atOnce(planJson(plan, beside)));
  });

  it('makes nothing before it is asked for', () => {
    let made = 0;
    const items = function* (): Generator {
      for (; made < 1_000; made += 1) yield { made };
    };
    const pieces = jsonPieces({ first: 1, items: items() })[Symbol.iterator]();
    for (let taken = 0; taken < 5; taken += 1) pieces.next();
    expect(made).toBeLessThan(5);
  });
});

describe('pieces that are gathered', () => {
  test.prop([fc.array(fc.string()), fc.integer({ min: 1, max: 50 })])(
    'are the same text, none of them much longer than wanted',
    (texts, size) => {
      const pieces = [...gathered(texts, size)];
      expect(pieces.join('')).toBe(texts.join(''));
      const longest = Math.max(0, ...texts.map(({ length }) => length));
      for (const piece of pieces) expect(piece.length).toBeLessThan(size + longest);
    },
  );
});

it('thousands of conferences are never one text', () => {
  const many = Array.from({ length: 3_000 }, (_, number) =>
    recordOf({ mute: applied(true) }, {}, conference(`conf-${number}`)),
  );
  const status = statusOf({ records: recordsOf(...many), facts: noFacts, writer: O.none }, rules);
  const lengths = [...statusJsonPieces(status)].map(({ length }) => length);
  expect(lengths.length).toBeGreaterThan(many.length);
  expect(Math.max(...lengths)).toBeLessThan(1_000);
});
