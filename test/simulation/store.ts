/**
 * The store of a simulated process: the same promises as the one in SQLite, kept on a simulated disk, with a
 * moment between every two steps of a commit at which the process may die.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import { renew, release, type Lease } from '../../src/ledger/lease.js';
import type { Batch, LedgerError, Store } from '../../src/ledger/store.js';
import type { Disk, Frame } from './disk.js';
import { reread } from './disk.js';
import type { Kernel, Owner } from './kernel.js';
import type { Promises } from './promises.js';
import { luck } from './random.js';
import type { CommitFate } from './scenario.js';

export interface StoreDeps {
  readonly kernel: Kernel;
  readonly disk: Disk;
  readonly promises: Promises;
  readonly seed: number;
  readonly commitMs: number;
  /** Epoch milliseconds. */
  readonly now: IO<number>;
  /** The process stands still for a while, and another one is started. */
  readonly freeze: (owner: Owner) => void;
  /** What becomes of the next commit of all. */
  readonly nextFate: () => { readonly nth: number; readonly fate: CommitFate | undefined };
}

const slowMs = 3_000;

export const makeStore = (owner: Owner, token: number, deps: StoreDeps): Store => {
  const { kernel, disk, promises, now } = deps;

  let lose: (error: LedgerError) => void = () => undefined;
  const lost = new Promise<LedgerError>((resolve) => {
    lose = resolve;
  });

  const write = (batch: Batch, fate: CommitFate | undefined): E.Either<LedgerError, void> => {
    const lease = renew(disk.visible().lease, token, now());
    if (O.isNone(lease)) {
      lose(leaseLost);
      return E.left(leaseLost);
    }
    const frame = frameOf(batch, lease.value);
    if (fate === 'fails' || fate === 'fails-in-vain') {
      if (fate === 'fails-in-vain') disk.appendInVain(frame);
      return E.left({ _tag: 'Unavailable', location, detail: 'simulated' });
    }
    disk.append(frame);
    promises.commits(token, disk.visible());
    return E.right(undefined);
  };

  const commit: Store['commit'] = (batch) => () =>
    new Promise((resolve) => {
      const { nth, fate } = deps.nextFate();
      const stepMs = fate === 'slow' ? slowMs : deps.commitMs * (0.2 + luck(deps.seed, 'commit', nth) * 0.3);
      const then = (what: string, run: () => void): void => {
        void kernel.after(stepMs, `commit ${nth} ${what}`, run, owner);
      };
      then('is written', () => {
        const written = write(batch, fate);
        if (E.isLeft(written)) {
          then('fails', () => resolve(written));
          return;
        }
        then('is synced', () => {
          disk.sync();
          promises.synced();
          if (fate === 'freezes') deps.freeze(owner);
          then('is answered', () => resolve(written));
        });
      });
    });

  return {
    load: async () => {
      const { records, facts, lastCall } = disk.visible();
      promises.loads(disk.visible());
      return E.right({
        records: new Map([...records].map(([id, record]) => [id, reread(record)])),
        facts,
        lastCall,
        writer: O.none,
      });
    },
    history: () => async () => E.right([]),
    forced: () => async () => E.right([]),
    commit,
    lost,
    close: () =>
      new Promise((resolve) => {
        void kernel.after(
          deps.commitMs,
          'gives the lease back',
          () => {
            const lease = release(disk.visible().lease, token);
            if (disk.visible().lease.token === token) disk.append(frameOf(nothing, lease));
            disk.sync();
            resolve();
          },
          owner,
        );
      }),
  };
};

/** A transaction that changes nothing but the lease. */
export const leaseFrame = (lease: Lease): Frame => frameOf(nothing, lease);

const location = 'simulated';
const leaseLost: LedgerError = { _tag: 'LeaseLost', location };
const nothing: Batch = { records: new Map(), calls: [], facts: O.none, forced: [] };

const frameOf = ({ records, calls, facts }: Batch, lease: Lease): Frame => ({
  records,
  facts,
  lastCall: calls.reduce((highest, { call }) => Math.max(highest, call), 0),
  lease,
});
