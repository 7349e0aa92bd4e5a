/** Whether a state still is what a plan remembers of it, and a few of its records while it is. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { hasBegun } from '../ledger/has-begun.js';
import type { StateLocation } from '../ledger/sqlite-location.js';
import { stateStamp } from '../ledger/state-stamp.js';
import type { PlanInput } from '../plan/make-plan.js';
import type { Memo } from './index-memo.js';

export type StateMarks = Pick<Memo, 'stamp' | 'content'>;

/** Either tells: a file that has not changed, or a content that was not written again. Empty tells nothing. */
export const isRemembered = (memo: O.Option<Memo>, { stamp, content }: StateMarks): boolean =>
  O.isSome(memo) &&
  ((stamp !== '' && stamp === memo.value.stamp) || (content !== '' && content === memo.value.content));

export const stampNow = (state: StateLocation, now: () => number): string =>
  O.getOrElse(() => '')(stateStamp(state, now()));

/** Empty: there is none, or only a look at everything tells. */
export const contentOf = async (state: StateLocation): Promise<string> => {
  if (!hasBegun(state)()) return '';
  // With it comes the database.
  const { withSnapshot } = await import('../ledger/sqlite-some.js');
  const content = await withSnapshot(state, ({ mark }) => Promise.resolve(mark()));
  return O.getOrElse(() => '')(content);
};

/** undefined: the content is another one by now, or only a look at everything tells. */
export const recordsOf = async (
  conferences: readonly ConferenceId[],
  content: string,
  state: StateLocation,
): Promise<PlanInput['records'] | undefined> => {
  if (conferences.length === 0) return new Map();
  const { withSnapshot } = await import('../ledger/sqlite-some.js');
  const records = await withSnapshot(state, ({ recordOf, mark }) => {
    if (mark() !== content) return Promise.resolve(undefined);
    const found = conferences.map(recordOf).flatMap((record) => (record === undefined ? [] : [record]));
    return Promise.resolve(new Map(found.map((record) => [record.id, record])));
  });
  return O.toUndefined(records);
};
