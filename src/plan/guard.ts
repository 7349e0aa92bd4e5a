/**
 * Guards: an end hangs up on people, and hold cuts them off, so that both may depend on how many are in the
 * conference. The plan says which guard a change has. Whoever makes the call looks just before, and asks
 * `permits`.
 *
 * Law: what permits an audience permits every smaller one; an audience that is not known is never permitted.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Change, Guard, SettingChange } from './plan.js';

export interface GuardRules {
  /** Completing or holding a conference with more people in it is refused; none: nobody counts them. */
  readonly maxAudience: O.Option<number>;
}

const free = { _tag: 'Free' } as const;

/** `--max-audience` on a call that completes or holds. */
export const audienceGuard = (
  settings: readonly SettingChange[],
  { maxAudience }: GuardRules,
): Exclude<Guard, { _tag: 'WhenEmpty' }> =>
  O.isSome(maxAudience) && settings.some(isFeltByAll)
    ? { _tag: 'AtMost', audience: maxAudience.value }
    : free;

/** The guard of a change that costs a call; any other has none. */
export const guardOf = (change: Change): Guard =>
  change._tag === 'Update' || change._tag === 'Complete' ? change.guard : free;

export const sameGuard = (left: Guard, right: Guard): boolean =>
  left._tag === 'AtMost' && right._tag === 'AtMost'
    ? left.audience === right.audience
    : left._tag === right._tag;

/** `audience`: how many people are in it; none: the answer does not tell. */
export const permits = (guard: Guard, audience: O.Option<number>): boolean => {
  switch (guard._tag) {
    case 'Free':
      return true;
    case 'WhenEmpty':
      return O.isSome(audience) && audience.value === 0;
    case 'AtMost':
      return O.isSome(audience) && audience.value <= guard.audience;
  }
};

/** `1 person is`, `7 people are`. */
export const peopleAre = (number: number): string => `${number} ${number === 1 ? 'person is' : 'people are'}`;

export const tooManyWords = (audience: O.Option<number>, allowed: number): string =>
  O.isSome(audience)
    ? `${peopleAre(audience.value)} in it, more than the ${allowed} that --max-audience allows`
    : `the API does not tell how many people are in it, and --max-audience allows no more than ${allowed}`;

const isFeltByAll = ({ setting, to }: SettingChange): boolean =>
  setting === 'state' || (setting === 'hold' && to === true);
