/** How many of the turns that the budget grants were used in the last minute. The caller says what time it is. */

export interface Usage {
  /** A call left at this moment. */
  readonly left: (atMs: number) => void;
  /** From 0 to 1; 0 where there is no limit. */
  readonly ratio: (nowMs: number, intervalMs: number) => number;
}

const windowMs = 60_000;
const slotMs = 1_000;
const slots = windowMs / slotMs;

export const makeUsage = (): Usage => {
  /** Calls by second; a slot is emptied when its second comes again. */
  const counts = Array.from({ length: slots }, () => ({ second: -1, calls: 0 }));
  return {
    left: (atMs) => {
      const second = Math.floor(atMs / slotMs);
      const slot = counts[second % slots];
      if (slot === undefined) return;
      if (slot.second !== second) Object.assign(slot, { second, calls: 0 });
      slot.calls += 1;
    },
    ratio: (nowMs, intervalMs) => {
      const now = Math.floor(nowMs / slotMs);
      const calls = counts.reduce(
        (sum, slot) => (slot.second > now - slots && slot.second <= now ? sum + slot.calls : sum),
        0,
      );
      return Math.min(1, (calls * intervalMs) / windowMs);
    },
  };
};
