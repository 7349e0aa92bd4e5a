import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { storedMembers } from '../../src/ledger/stored-members.js';

const inner = { a: t.number, b: t.union([t.undefined, t.string]) };
const trimmed = new t.Type<string, string, unknown>(
  'Trimmed',
  t.string.is,
  (input, context) => (typeof input === 'string' ? t.success(input.trim()) : t.failure(input, context)),
  (text) => `${text} `,
);

const quick = storedMembers({ one: storedMembers(inner, 'Inner'), two: trimmed, three: t.boolean }, 'Outer');
const careful = t.type({ one: t.type(inner, 'Inner'), two: trimmed, three: t.boolean }, 'Outer');

const anything = fc.oneof(
  fc.integer(),
  fc.constantFrom(' x ', '', true, null, undefined),
  fc.array(fc.nat()),
);
const nearly = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: anything });

const input = nearly(
  fc.record(
    {
      one: nearly(
        fc.record(
          { a: nearly(fc.nat()), b: nearly(fc.string()), c: anything },
          { requiredKeys: ['a'], noNullPrototype: true },
        ),
      ),
      two: nearly(fc.string()),
      three: nearly(fc.boolean()),
      four: anything,
    },
    { requiredKeys: ['one', 'two'], noNullPrototype: true },
  ),
);

/** Where it stands, by the names of keys and codecs. */
const told = (result: t.Validation<unknown>): unknown =>
  E.isRight(result)
    ? result
    : result.left.map(({ value, context }) => [value, context.map(({ key, type }) => [key, type.name])]);

describe('storedMembers', () => {
  test.prop([input], { numRuns: 500 })('decodes, refuses and encodes as t.type does', (value) => {
    const decoded = quick.decode(value);
    expect(told(decoded)).toStrictEqual(told(careful.decode(value)));
    expect(quick.is(value)).toBe(careful.is(value));
    if (E.isRight(decoded)) expect(quick.encode(decoded.right)).toStrictEqual(careful.encode(decoded.right));
  });
});
