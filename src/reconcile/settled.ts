/**
 * When everything that can be done by itself has been done. It is told when it comes about, and again when
 * conferences stand otherwise than when it was told last.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { DispatcherView } from '../apply/dispatch-event.js';
import type { Status, StatusSummary } from '../plan/status.js';

export interface Settled {
  /** There is something to do. */
  readonly open: IO<void>;
  /** Something has ended, or nothing was found to do. */
  readonly check: IO<void>;
}

export const makeSettled = (
  view: IO<DispatcherView>,
  status: Task<Pick<Status, 'summary'>>,
  tell: (summary: StatusSummary) => void,
): Settled => {
  /** How everything stood when it was told; none of it counts while there is something to do. */
  let told: string | undefined;
  let started = false;
  let asked = false;
  let checking = false;
  const isAtWork = (): boolean => {
    const { underWay, backlog } = view();
    return !started || underWay > 0 || backlog.open > 0;
  };
  const checkOnce = async (): Promise<void> => {
    if (isAtWork()) return;
    const { summary } = await status();
    const standing = standingOf(summary);
    // Counting may have taken a while.
    if (isAtWork() || standing === told) return;
    told = standing;
    tell(summary);
  };
  const check = async (): Promise<void> => {
    asked = true;
    if (checking) return;
    checking = true;
    while (asked) {
      asked = false;
      await checkOnce();
    }
    checking = false;
  };
  return {
    open: () => {
      told = undefined;
      started = true;
    },
    check: () => void check(),
  };
};

const standingOf = ({ calls: _, seconds: __, ...standings }: StatusSummary): string =>
  JSON.stringify(standings);
