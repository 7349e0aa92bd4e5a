import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { withChanged } from '../../src/reconcile/changed-map.js';

const maps = fc.uniqueArray(fc.string(), { maxLength: 6 }).chain((keys) =>
  fc.tuple(
    fc.constant(new Map(keys.map((key) => [key, 'first']))),
    fc.array(
      fc
        .subarray(keys)
        .chain((some) => fc.tuple(...some.map((key) => fc.tuple(fc.constant(key), fc.string())))),
      { maxLength: 4 },
    ),
  ),
);

test.prop([maps, fc.string()])(
  'is read like a copy in which the values were set',
  ([first, changes], other) => {
    const copy = new Map(first);
    let map: ReadonlyMap<string, string> = first;
    for (const change of changes) {
      for (const [key, value] of change) copy.set(key, value);
      map = withChanged(map, new Map(change));
      expect([...map]).toStrictEqual([...copy]);
      expect([...map.entries()]).toStrictEqual([...copy]);
      expect([...map.keys()]).toStrictEqual([...copy.keys()]);
      expect([...map.values()]).toStrictEqual([...copy.values()]);
      expect(map.size).toBe(copy.size);
      for (const key of [...copy.keys(), other]) {
        expect(map.get(key)).toBe(copy.get(key));
        expect(map.has(key)).toBe(copy.has(key));
      }
      const seen = new Map<string, string>();
      map.forEach((value, key, whole) => {
        seen.set(key, value);
        expect(whole).toBe(map);
      });
      expect(seen).toStrictEqual(copy);
    }
    expect([...first.values()].every((value) => value === 'first')).toBe(true);
  },
);
