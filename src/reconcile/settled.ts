/**
 * When everything that can be done by itself has been done. It is told when it comes about, and again when
 * conferences stand otherwise than when it was told last.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import type { DispatcherView } from '../apply/dispatch-event.js';
import type { StatusSummary } from '../plan/status.js';

export interface Settled {
  /** There is something to do. */
  readonly open: IO<void>;
  /** Something has ended, or nothing was found to do. */
  readonly check: IO<void>;
}

export const makeSettled = (
  view: IO<DispatcherView>,
  summary: IO<StatusSummary>,
  tell: (summary: StatusSummary) => void,
): Settled => {
  /** How everything stood when it was told; none of it counts while there is something to do. */
  let told: string | undefined;
  let started = false;
  return {
    open: () => {
      told = undefined;
      started = true;
    },
    check: () => {
      const { underWay, backlog } = view();
      if (!started || underWay > 0 || backlog.open > 0) return;
      const seen = summary();
      const standing = standingOf(seen);
      if (standing === told) return;
      told = standing;
      tell(seen);
    },
  };
};

const standingOf = ({ calls: _, seconds: __, ...standings }: StatusSummary): string =>
  JSON.stringify(standings);
