/**
 * The daemon: looks at the declarations, plans, and hands the conferences that need a call to the dispatcher.
 *
 * Level, not edge: every look sees the whole, every pass plans the whole, and a pass that is repeated changes
 * nothing. Nothing here ends the daemon but a state that is not ours any more.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Desired } from '../desired/desired.js';
import type { LedgerError } from '../ledger/store.js';
import type { PlanRules } from '../plan/make-plan.js';
import type { Glimpse, Observation } from '../source/observation.js';
import { nothingAccepted } from './accept.js';
import type { Condition } from './condition.js';
import type { EventHint } from './event-hint.js';
import { makeGlimpsePass } from './glimpse-pass.js';
import { makeHearing } from './hearing.js';
import { inForceWith, type InForce } from './in-force.js';
import { makeLook, rescanMs } from './look.js';
import { makeLookTimer, type LookTimer } from './look-timer.js';
import { makeOutgoing, type OutgoingDeps } from './outgoing.js';
import { makePass } from './pass.js';
import { makeStateHealth } from './state-health.js';

export interface DaemonDeps extends Omit<OutgoingDeps, 'inForce' | 'health'> {
  /** One look at the declarations. Never rejects. */
  readonly observe: Task<Observation>;
  /** One look at what is said to have changed; none: only an observation can tell. Never rejects. */
  readonly glimpse: Task<O.Option<Glimpse>>;
  /** Runs before these declarations come in force. */
  readonly prepare: (desired: Desired) => void;
}

export interface Daemon {
  /** The declarations may have changed. */
  readonly hint: IO<void>;
  /** Something is said to have happened to a conference. */
  readonly hear: (hint: EventHint) => void;
  readonly condition: IO<Condition>;
  /** No new call; resolves when those under way are recorded. */
  readonly stop: Task<void>;
  /** Resolves when the state is lost to somebody else or cannot be used any more. */
  readonly lost: Promise<LedgerError>;
}

export const startDaemon = (deps: DaemonDeps): Daemon => {
  const { clock, report } = deps;
  const rules = { ...deps.rules, heal: deps.drift.mode === 'heal' };
  let force = nothingInForce(rules);
  let started = false;
  const inForce = (): InForce => force;
  const health = makeStateHealth(report);
  const outgoing = makeOutgoing({ ...deps, inForce, health });
  const { dispatcher, drift, facts } = outgoing;
  const hearing = makeHearing({ ...deps, ...outgoing, inForce, hint: drift.hint, onError: health.failed });
  const enforce = (next: InForce): void => {
    force = next;
  };
  const pass = makePass({
    ...deps,
    ...outgoing,
    rules,
    inForce,
    enforce,
    health,
    recordFacts: facts.record,
    onDone: () => {
      started = true;
      drift.follow();
      hearing.again();
      dispatcher.wake();
    },
  });
  const within = (delayMs: number): void => timer.within(delayMs);
  const look = makeLook({ ...deps, accepted: () => force.accepted, pass, stateError: health.error, within });
  const { recordRevision } = facts;
  const glimpsePass = makeGlimpsePass({ ...deps, ...outgoing, inForce, enforce, health, recordRevision });
  const glimpse = async (): Promise<boolean> => {
    const glimpsed = await deps.glimpse();
    return O.isSome(glimpsed) && glimpsePass(glimpsed.value)();
  };
  const timer: LookTimer = makeLookTimer(clock, {
    look: safely(look, report, () => within(rescanMs)),
    glimpse: safely(glimpse, report, () => false),
  });
  within(0);
  return {
    hint: timer.hint,
    hear: hearing.hear,
    condition: () => ({
      started,
      alerts: facts.alerts(),
      stateError: health.error(),
      dispatcher: dispatcher.view(),
    }),
    stop: async () => {
      // No new call from now on, whatever a look that is under way still finds.
      const stopped = dispatcher.stop();
      hearing.stop();
      await timer.stop();
      await stopped;
    },
    lost: health.lost,
  };
};

const nothingInForce = (rules: Omit<PlanRules, 'removals'>): InForce =>
  inForceWith(nothingAccepted, {
    revision: '',
    commit: O.none,
    desired: nothingAccepted.desired,
    records: new Map(),
    live: new Map(),
    rules: { ...rules, removals: 'wait' },
  });

/** A look that fails is a defect of ours. It is told, and the next look comes all the same. */
const safely =
  <A>(look: Task<A>, report: DaemonDeps['report'], otherwise: IO<A>): Task<A> =>
  async () => {
    const looked = await TE.tryCatch(look, E.toError)();
    if (E.isRight(looked)) return looked.right;
    report({ _tag: 'Broken', message: looked.left.message });
    return otherwise();
  };
