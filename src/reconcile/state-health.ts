/** Whether the state can be written. What goes wrong with it is told once for each kind, until it works again. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { LedgerError } from '../ledger/store.js';
import type { DaemonEvent } from './daemon-event.js';

export interface StateHealth {
  readonly error: IO<O.Option<LedgerError>>;
  readonly failed: (error: LedgerError) => void;
  readonly works: IO<void>;
  /** Resolves when the state is lost to somebody else or cannot be used any more. */
  readonly lost: Promise<LedgerError>;
}

export const makeStateHealth = (report: (event: DaemonEvent) => void): StateHealth => {
  let known: O.Option<LedgerError> = O.none;
  let lose: (error: LedgerError) => void = () => undefined;
  const lost = new Promise<LedgerError>((resolve) => {
    lose = resolve;
  });
  return {
    error: () => known,
    failed: (error) => {
      const isNews = O.isNone(known) || known.value._tag !== error._tag;
      known = O.some(error);
      if (isNews) report({ _tag: 'StateFailed', error });
      if (error._tag !== 'Unavailable') lose(error);
    },
    works: () => {
      if (O.isSome(known)) report({ _tag: 'StateWorks' });
      known = O.none;
    },
    lost,
  };
};
