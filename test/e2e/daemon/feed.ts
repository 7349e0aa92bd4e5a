import { patienceMs } from '../../support/patience.js';

/** Items that arrive one by one; waiting for one has a bound and says what came instead. */
export interface Feed<A> {
  readonly all: readonly A[];
  readonly push: (item: A) => void;
  /** The first item from `from` on that is wanted. */
  readonly next: (what: string, wanted: (item: A) => boolean, from?: number) => Promise<A>;
  readonly count: (what: string, count: number, from?: number) => Promise<readonly A[]>;
  /** Nothing will come any more. */
  readonly end: (why: string) => void;
}

export const makeFeed = <A>(show: (item: A) => string): Feed<A> => {
  const all: A[] = [];
  const listeners = new Set<() => void>();
  let ended: string | undefined;
  const wake = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const wait = <B>(what: string, look: () => B | undefined): Promise<B> =>
    new Promise((done, fail) => {
      const give = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(listener);
        settle();
      };
      const refuse = (why: string): void =>
        give(() => fail(new Error(`${what} did not come (${why}). What came:\n${all.map(show).join('\n')}`)));
      const listener = (): void => {
        const found = look();
        if (found !== undefined) give(() => done(found));
        else if (ended !== undefined) refuse(ended);
      };
      const timer = setTimeout(() => refuse(`within ${patienceMs} ms`), patienceMs);
      listeners.add(listener);
      listener();
    });
  return {
    all,
    push: (item) => {
      all.push(item);
      wake();
    },
    next: (what, wanted, from = 0) => wait(what, () => all.slice(from).find(wanted)),
    count: (what, count, from = 0) =>
      wait(what, () => (all.length - from >= count ? all.slice(from) : undefined)),
    end: (why) => {
      ended = why;
      wake();
    },
  };
};

/** Polls where there is no event. */
export const eventually = async <A>(what: string, look: () => Promise<A | undefined>): Promise<A> => {
  const untilMs = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > untilMs) throw new Error(`${what} did not happen within ${patienceMs} ms`);
    await pause(25);
  }
};

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
