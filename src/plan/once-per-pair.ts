/**
 * What follows from a declaration and a record, found out once for each pair: neither ever changes, another one takes
 * its place. What nobody else knows any more is forgotten.
 */
import type { Declared } from '../desired/desired.js';
import type { ConferenceRecord } from '../ledger/record.js';

export const oncePerPair = <A>(
  find: (declared: Declared, record: ConferenceRecord) => A,
): ((declared: Declared, record: ConferenceRecord) => A) => {
  const known = new WeakMap<Declared, { readonly record: ConferenceRecord; readonly found: A }>();
  return (declared, record) => {
    const before = known.get(declared);
    if (before?.record === record) return before.found;
    const found = find(declared, record);
    known.set(declared, { record, found });
    return found;
  };
};
