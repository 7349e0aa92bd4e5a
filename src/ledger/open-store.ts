/**
 * Opens the durable state wherever it is kept. The only module of the ledger that knows which stores exist.
 */
import { now as systemNow } from 'fp-ts/lib/Date.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openSqliteForWriting, type WriterOptions } from './sqlite.js';
import { showStateLocation, type StateLocation } from './sqlite-location.js';
import { openSqliteForReading } from './sqlite-reader.js';
import type { LedgerError, ReadableStore, Store } from './store.js';

/** Takes no lease and creates nothing; what does not exist yet is empty. The time is only for telling a live writer. */
export const openForReading = (
  location: StateLocation,
  now: IO<number> = systemNow,
): TaskEither<LedgerError, ReadableStore> =>
  openSqliteForReading(location.path, showStateLocation(location), now);

/** Creates what is missing and takes the lease, or says who holds it. Closing the store gives it back. */
export const openForWriting = (
  location: StateLocation,
  options: WriterOptions,
): TaskEither<LedgerError, Store> =>
  openSqliteForWriting(location.path, showStateLocation(location), options);
