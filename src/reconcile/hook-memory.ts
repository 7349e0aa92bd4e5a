/**
 * Which webhooks were taken already. It is bounded, and does not outlive the process: a webhook that is repeated
 * after all leads to one fetch that finds nothing.
 */
import type { IO } from 'fp-ts/lib/IO.js';

/** Remembers them, and says whether all of them are new. */
export type HookMemory = (identities: readonly string[]) => boolean;

export const rememberedMs = 24 * 60 * 60_000;

/** Only who knows the secret gets in. */
export const mostRemembered = 10_000;

/** `now`: epoch ms. */
export const makeHookMemory = (now: IO<number>): HookMemory => {
  /** Since when, the oldest first. */
  const taken = new Map<string, number>();
  return (identities) => {
    const nowMs = now();
    const areNew = identities.every((identity) => {
      const sinceMs = taken.get(identity);
      return sinceMs === undefined || nowMs - sinceMs > rememberedMs;
    });
    if (!areNew) return false;
    for (const identity of identities) {
      taken.delete(identity);
      taken.set(identity, nowMs);
    }
    for (const identity of taken.keys()) {
      if (taken.size <= mostRemembered) break;
      taken.delete(identity);
    }
    return true;
  };
};
