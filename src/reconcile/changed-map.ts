/**
 * A map in which a few values of another one are replaced: at a cost that does not grow with the other one, and not
 * with how often this has been done to it. Pure.
 *
 * Law: it is read like a copy of the other one in which the values were set. Every key must be one of the other's.
 */
export const withChanged = <K, V>(map: ReadonlyMap<K, V>, values: ReadonlyMap<K, V>): ReadonlyMap<K, V> => {
  const { base, changed } = isChanged(map) ? map : { base: map, changed: new Map<K, V>() };
  return changedMap(base, new Map([...changed, ...values]));
};

interface ChangedMap<K, V> extends ReadonlyMap<K, V> {
  readonly base: ReadonlyMap<K, V>;
  readonly changed: ReadonlyMap<K, V>;
}

const isChanged = <K, V>(map: ReadonlyMap<K, V>): map is ChangedMap<K, V> => 'changed' in map;

const changedMap = <K, V>(base: ReadonlyMap<K, V>, changed: ReadonlyMap<K, V>): ChangedMap<K, V> => {
  function* entries(): Generator<[K, V], undefined> {
    for (const [key, value] of base) yield [key, changed.get(key) ?? value];
  }
  function* values(): Generator<V, undefined> {
    for (const [, value] of entries()) yield value;
  }
  const map: ChangedMap<K, V> = {
    base,
    changed,
    size: base.size,
    get: (key) => changed.get(key) ?? base.get(key),
    has: (key) => base.has(key),
    keys: () => base.keys(),
    values,
    entries,
    forEach: (run) => {
      for (const [key, value] of entries()) run(value, key, map);
    },
    [Symbol.iterator]: entries,
  };
  return map;
};
