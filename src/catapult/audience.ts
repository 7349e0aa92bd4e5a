/** How many people are in a conference, as far as an answer tells. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Live } from './catapult.js';

/** none: the answer does not tell. One without members has not begun yet, or has ended. */
export const audienceOf = ({ state, activeMembers }: Live): O.Option<number> =>
  state === 'active' ? activeMembers : O.some(O.getOrElse(() => 0)(activeMembers));
