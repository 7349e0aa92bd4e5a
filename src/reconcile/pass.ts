/**
 * One pass: what was accepted becomes a plan, what of it needs no call is written, and what needs one is handed
 * to the dispatcher. Whatever fails, the next pass does it all again.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { DispatcherView, Submission } from '../apply/dispatch-event.js';
import type { Dispatcher } from '../apply/dispatcher.js';
import type { ConferenceId } from '../conference/id.js';
import type { Desired } from '../desired/desired.js';
import { abandonedIn, type Entry } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerError } from '../ledger/store.js';
import { bookkeeping, isKnown } from '../plan/bookkeeping.js';
import type { PlanInput, PlanRules } from '../plan/make-plan.js';
import { oncePerPair } from '../plan/once-per-pair.js';
import { makePlanAgain } from '../plan/plan-again.js';
import type { Plan } from '../plan/plan.js';
import type { Clock } from '../time/clock.js';
import type { DaemonEvent } from './daemon-event.js';
import { inForceWith, workFor, type InForce } from './in-force.js';
import type { Found } from './look.js';
import { newsIn, type Pass } from './news.js';
import { atOnce, pause } from './pause.js';
import type { Settled } from './settled.js';
import type { StateHealth } from './state-health.js';

export interface PassDeps {
  readonly ledger: Ledger;
  readonly clock: Pick<Clock, 'now'>;
  readonly rules: Omit<PlanRules, 'removals'>;
  readonly report: (event: DaemonEvent) => void;
  /** Runs before these declarations come in force. */
  readonly prepare: (desired: Desired) => void;
  readonly inForce: IO<InForce>;
  /** From now on it is decided by this. */
  readonly enforce: (inForce: InForce) => void;
  readonly dispatcher: Pick<Dispatcher, 'withdraw' | 'submit' | 'view'>;
  readonly health: StateHealth;
  readonly settled: Settled;
  /** Revision and alerts, as things stand. */
  readonly recordFacts: TE.TaskEither<LedgerError, void>;
  /** Everything is handed over. */
  readonly onDone: IO<void>;
}

export const makePass = (deps: PassDeps): ((found: Found) => Task<void>) => {
  const { ledger, dispatcher, health, settled } = deps;
  const planAgain = makePlanAgain();
  const known = oncePerPair(isKnown);
  let started = false;
  return (found) => async () => {
    const inForce = enforced(found, planAgain, deps);
    const written = await pipe(
      // A pass that has nothing to write would not notice that the disk is still full.
      O.isSome(health.error()) ? ledger.probe : TE.right(undefined),
      TE.chain(() => ledger.write(entriesOf(inForce, started, known, deps))),
    )();
    if (E.isLeft(written)) {
      health.failed(written.left);
      return;
    }
    const work = await divided(inForce, deps);
    const told = await deps.recordFacts();
    if (E.isLeft(told)) {
      health.failed(told.left);
      return;
    }
    health.works();
    if (!started || hasNews(work, dispatcher.view())) settled.open();
    started = true;
    dispatcher.submit(work);
    deps.onDone();
    // A repository that could not be read yet says nothing of what is declared.
    if (found.revision !== '') settled.check();
  };
};

const enforced = (
  { accepted, revision, commit, hasBeenQuiet }: Found,
  planAgain: (input: PlanInput) => Plan,
  deps: PassDeps,
): InForce => {
  const { ledger, rules, report } = deps;
  deps.prepare(accepted.desired);
  const before = deps.inForce();
  const removals: PlanRules['removals'] = accepted.removalsTrusted
    ? 'count'
    : hasBeenQuiet
      ? 'settings'
      : 'wait';
  const input = {
    revision,
    commit,
    desired: accepted.desired,
    records: ledger.records,
    live: new Map(),
    rules: { ...rules, removals },
  };
  const inForce = inForceWith(accepted, input, planAgain);
  deps.enforce(inForce);
  for (const event of newsOf(before, inForce)) report(event);
  return inForce;
};

/** What is told of what has come in force. */
export const newsOf = (before: InForce, now: InForce): readonly DaemonEvent[] =>
  newsIn(passOf(before), passOf(now));

const passOf = ({ accepted, plan, input }: InForce): Pass => ({
  accepted,
  plan,
  revision: input.revision,
  commit: input.commit,
});

const entriesOf = (
  { plan, input, refused }: InForce,
  started: boolean,
  known: typeof isKnown,
  { ledger, clock }: PassDeps,
): readonly Entry[] => [
  ...(started ? [] : abandonedIn(ledger.records)),
  ...bookkeeping(plan, input, refused, clock.now(), known),
];

/**
 * What is to be done as things stand: while the pass was written, an answer or an event may have brought something
 * else to do. What is not wanted any more is withdrawn at once: it must not be told as held back.
 */
const divided = async (inForce: InForce, { clock, dispatcher }: PassDeps): Promise<readonly Submission[]> => {
  const { changes } = inForce.plan;
  const work: Submission[] = [];
  for (let start = 0; start < changes.length; start += atOnce) {
    if (start > 0) await pause();
    const idle: ConferenceId[] = [];
    for (const { conference } of changes.slice(start, start + atOnce)) {
      const submission = workFor(inForce, conference, clock.now());
      if (O.isSome(submission)) work.push(submission.value);
      else idle.push(conference);
    }
    dispatcher.withdraw(idle);
  }
  return work;
};

/** What is tried again, and what waits for people to leave, is no news. */
export const hasNews = (work: readonly Submission[], { waiting }: DispatcherView): boolean => {
  const held = new Set(
    waiting().flatMap(({ awaits, conference }) => (awaits === 'people' ? [conference] : [])),
  );
  return work.some(({ attempts, conference }) => attempts === 0 && !held.has(conference));
};
