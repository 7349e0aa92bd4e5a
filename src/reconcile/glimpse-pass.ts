/**
 * The head start of a save: what a glimpse found comes in force, is written, and is handed to the dispatcher, without
 * a thought of the others. Nothing here waits before it hands over, so that the declarations, the revision and the
 * intent of the call share one commit. A look at everything follows, and its pass has the last word on all of it.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { LedgerError } from '../ledger/store.js';
import { declaredEntries } from '../plan/bookkeeping.js';
import type { Glimpse } from '../source/observation.js';
import { acceptGlimpse } from './accept-glimpse.js';
import { inForceAfter, workFor, type InForce } from './in-force.js';
import { hasNews, newsOf, type PassDeps } from './pass.js';

export interface GlimpsePassDeps extends Omit<PassDeps, 'rules' | 'recordFacts' | 'onDone'> {
  readonly recordRevision: TE.TaskEither<LedgerError, void>;
}

/** False: only a look at everything can tell what follows. */
export const makeGlimpsePass =
  (deps: GlimpsePassDeps) =>
  ({ files, revision }: Glimpse): Task<boolean> =>
  async () => {
    const { health, inForce: current } = deps;
    if (files.length === 0) return true;
    const before = current();
    const changed = files.flatMap(({ declared }) => declared.map(({ id }) => id));
    const accepted = acceptGlimpse(before.accepted, files);
    // A state that could not be written is tried by a whole pass.
    if (O.isNone(accepted) || O.isSome(health.error())) return false;
    const inForce = inForceAfter(before, accepted.value, changed, revision);
    if (O.isNone(inForce)) return false;
    deps.prepare(accepted.value.desired);
    deps.enforce(inForce.value);
    for (const event of newsOf(before, inForce.value)) deps.report(event);
    await handedOver(inForce.value, files, deps);
    return true;
  };

const handedOver = async (
  inForce: InForce,
  files: Glimpse['files'],
  deps: GlimpsePassDeps,
): Promise<void> => {
  const { ledger, clock, dispatcher, health, settled } = deps;
  const declared = files.flatMap((file) => file.declared);
  const writing = ledger.write(declaredEntries(declared, ledger.records, inForce.input, clock.now()))();
  const recording = deps.recordRevision();
  const { left: idle, right: work } = RA.partitionMap(({ id }: (typeof declared)[number]) =>
    E.fromOption(() => id)(workFor(inForce, id, clock.now())),
  )(declared);
  if (hasNews(work, dispatcher.view())) settled.open();
  dispatcher.withdraw(idle);
  dispatcher.submit(work);
  for (const written of [await writing, await recording]) if (E.isLeft(written)) health.failed(written.left);
  settled.check();
};
