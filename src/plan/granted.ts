/** What the time left is reckoned with. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { LearnedBudget, Rate } from '../ledger/store.js';

/** What the API granted when it was last asked for more; none: as much as is asked for. Calls per second. */
export const grantedBelow = (budget: O.Option<LearnedBudget>, rate: Rate): O.Option<number> =>
  O.filter((granted: number) => rate === 'unlimited' || granted < rate)(
    O.map(({ intervalMs }: LearnedBudget) => 1000 / intervalMs)(budget),
  );
