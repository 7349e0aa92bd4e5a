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
import { pipe } from 'fp-ts/lib/function.js';
import type { DispatchEvent, Submission } from '../apply/dispatch-event.js';
import { makeDispatcher, type Dispatcher } from '../apply/dispatcher.js';
import { forever } from '../apply/patience.js';
import { noSpareReads } from '../apply/spare.js';
import { patientWorkOf } from '../apply/workload.js';
import type { Catapult } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Desired } from '../desired/desired.js';
import { abandonedIn, type Entry } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Alert, LedgerError } from '../ledger/store.js';
import { bookkeeping, declarationOf } from '../plan/bookkeeping.js';
import { guardOf } from '../plan/guard.js';
import { diffOf, makePlan, type PlanInput, type PlanRules } from '../plan/make-plan.js';
import type { Change, Plan } from '../plan/plan.js';
import { statusOf } from '../plan/status.js';
import type { Observation } from '../source/directory.js';
import type { Clock } from '../time/clock.js';
import { accept, nothingAccepted, type Accepted } from './accept.js';
import { alertsFrom } from './alerts.js';
import type { DaemonEvent } from './daemon-event.js';
import type { Condition } from './condition.js';
import { makeLookTimer, type LookTimer } from './look-timer.js';
import { newsIn } from './news.js';

export interface DaemonDeps {
  /** One look at the declarations. Never rejects. */
  readonly observe: Task<Observation>;
  readonly ledger: Ledger;
  /** What the ledger is bound to. */
  readonly account: string;
  readonly catapult: Catapult;
  readonly clock: Clock;
  readonly random: IO<number>;
  readonly rules: Omit<PlanRules, 'removals'>;
  readonly report: (event: DaemonEvent) => void;
  /** Runs before a plan is made of these declarations. */
  readonly prepare: (desired: Desired) => void;
}

export interface Daemon {
  /** The declarations may have changed. */
  readonly hint: IO<void>;
  readonly condition: IO<Condition>;
  /** No new call; resolves when those under way are recorded. */
  readonly stop: Task<void>;
  /** Resolves when the state is lost to somebody else or cannot be used any more. */
  readonly lost: Promise<LedgerError>;
}

/** Removals count after this much quiet. */
const quietMs = 2_000;
/** File events are hints, not truth. */
const rescanMs = 60_000;
const stateRetryMs = 2_000;
/** What could not be read may be readable soon, and no event says so. */
const unreadRetryMs = 5_000;

/** The one mutable thing: where the daemon is. */
interface Run {
  readonly deps: DaemonDeps;
  readonly loseState: (error: LedgerError) => void;
  accepted: Accepted;
  input: PlanInput;
  plan: Plan;
  /** Held back: what a safety check refuses waits for a person. */
  refused: ReadonlySet<ConferenceId>;
  /** Held back because of the people in them, as far as it was told. */
  readonly crowded: Set<ConferenceId>;
  /** Whose `state: completed` has just disappeared: what is final must not go out while it may be withdrawn. */
  withdrawing: ReadonlySet<ConferenceId>;
  started: boolean;
  /** Everything that can be done by itself has been done, and it has been told. */
  settled: boolean;
  stateError: O.Option<LedgerError>;
  /** The declarations have been seen unchanged for a while: none of them is half written. */
  hasBeenQuiet: boolean;
  /** The revision of the last look, and since when it looks like this. */
  seen: { readonly revision: string; readonly sinceMs: number };
}

export const startDaemon = (deps: DaemonDeps): Daemon => {
  let loseState: (error: LedgerError) => void = () => undefined;
  const lost = new Promise<LedgerError>((resolve) => {
    loseState = resolve;
  });
  const run = makeRun(deps, (error) => loseState(error));
  const dispatcher = dispatcherFor(run, () => dispatcher);
  const timer: LookTimer = makeLookTimer(deps.clock, () => safeLook(run, dispatcher, timer)());
  timer.within(0);
  return {
    hint: timer.hint,
    condition: () => ({
      started: run.started,
      alerts: alertsOf(run, dispatcher),
      stateError: run.stateError,
      dispatcher: dispatcher.view(),
    }),
    stop: async () => {
      // No new call from now on, whatever a look that is under way still finds.
      const stopped = dispatcher.stop();
      await timer.stop();
      await stopped;
    },
    lost,
  };
};

const makeRun = (deps: DaemonDeps, loseState: Run['loseState']): Run => {
  const input = inputOf(deps, nothingAccepted, '', false);
  return {
    deps,
    loseState,
    accepted: nothingAccepted,
    input,
    plan: makePlan({ ...input, records: new Map() }),
    refused: new Set(),
    crowded: new Set(),
    withdrawing: new Set(),
    started: false,
    settled: true,
    stateError: O.none,
    hasBeenQuiet: false,
    seen: { revision: '', sinceMs: 0 },
  };
};

const dispatcherFor = (run: Run, self: () => Dispatcher): Dispatcher => {
  const { deps } = run;
  return makeDispatcher({
    ledger: deps.ledger,
    catapult: deps.catapult,
    clock: deps.clock,
    random: deps.random,
    patience: forever,
    force: O.none,
    spare: noSpareReads,
    rate: deps.rules.rate,
    revision: () => run.input.revision,
    decide: (conference) => decide(run, conference),
    need: (conference) => need(run, conference, decide(run, conference)),
    onLedgerError: (error) => stateFailed(run, error),
    report: (event) => onDispatch(run, self(), event),
  });
};

const decide = (run: Run, conference: ConferenceId): Change => {
  const change = diffOf(conference, run.input);
  return isHeldBack(run, change) ? { _tag: 'None', conference, name: change.name, read: false } : change;
};

const isHeldBack = ({ refused, withdrawing }: Run, { _tag, conference }: Change): boolean =>
  refused.has(conference) || (_tag === 'Complete' && withdrawing.has(conference));

const need = ({ deps, input }: Run, conference: ConferenceId, change: Change): O.Option<Submission> =>
  patientWorkOf(
    change,
    declarationOf(O.fromNullable(input.desired.get(conference))),
    O.fromNullable(deps.ledger.records.get(conference)),
    deps.clock.now(),
  );

const onDispatch = (run: Run, dispatcher: Dispatcher, event: DispatchEvent): void => {
  if (event._tag === 'LedgerFailed') {
    stateFailed(run, event.error);
    return;
  }
  if (event._tag === 'Called') stateWorks(run);
  run.deps.report({ _tag: 'Dispatched', event });
  if (event._tag === 'Refused') run.crowded.add(event.refusal.conference);
  // People have left: it was settled without this one, and will be with it.
  if (event._tag === 'Looked' && run.crowded.delete(event.change.conference)) run.settled = false;
  if (changesAlerts(event)) void recordFacts(run, dispatcher)();
  // The call counts as under way until everybody has heard of it.
  void run.deps.clock.after(0, () => {
    tellSettled(run, dispatcher);
  });
};

/** An account that does not work, and people who are in the way, are alerts; both may be over. */
const changesAlerts = ({ _tag }: DispatchEvent): boolean =>
  _tag === 'Paused' || _tag === 'Resumed' || _tag === 'Refused' || _tag === 'Looked';

/** Told once for each kind, until the state works again. */
const stateFailed = (run: Run, error: LedgerError): void => {
  const isNews = O.isNone(run.stateError) || run.stateError.value._tag !== error._tag;
  run.stateError = O.some(error);
  if (isNews) run.deps.report({ _tag: 'StateFailed', error });
  if (error._tag !== 'Unavailable') run.loseState(error);
};

const stateWorks = (run: Run): void => {
  if (O.isSome(run.stateError)) run.deps.report({ _tag: 'StateWorks' });
  run.stateError = O.none;
};

const tellSettled = (run: Run, dispatcher: Dispatcher): void => {
  const { underWay, backlog } = dispatcher.view();
  if (run.settled || underWay > 0 || backlog.open > 0) return;
  run.settled = true;
  const { ledger, rules, report } = run.deps;
  const known = { records: ledger.records, facts: ledger.facts(), writer: O.none };
  report({ _tag: 'Settled', summary: statusOf(known, rules).summary });
};

/** A look that fails is a defect of ours. It is told, and the next look comes all the same. */
const safeLook =
  (run: Run, dispatcher: Dispatcher, timer: LookTimer): Task<void> =>
  async () => {
    const looked = await TE.tryCatch(look(run, dispatcher, timer), E.toError)();
    if (E.isRight(looked)) return;
    run.deps.report({ _tag: 'Broken', message: looked.left.message });
    timer.within(rescanMs);
  };

const look =
  (run: Run, dispatcher: Dispatcher, timer: LookTimer): Task<void> =>
  async () => {
    const { clock, observe } = run.deps;
    const startedMs = clock.elapsed();
    const { revision, files, problems, complete } = await observe();
    if (revision !== run.seen.revision) run.seen = { revision, sinceMs: clock.elapsed() };
    const quiet = startedMs - run.seen.sinceMs >= quietMs;
    run.hasBeenQuiet ||= quiet;
    await pass(run, dispatcher, accept(run.accepted, { files, problems, complete, quiet }), revision)();
    if (!quiet) timer.within(run.seen.sinceMs + quietMs - clock.elapsed());
    timer.within(O.isSome(run.stateError) ? stateRetryMs : rescanMs);
    if (!complete || files.some(isUnread)) timer.within(unreadRetryMs);
  };

const isUnread = ({ problems }: Observation['files'][number]): boolean =>
  problems.some(({ rule }) => rule === 'unreadable-file');

const pass =
  (run: Run, dispatcher: Dispatcher, accepted: Accepted, revision: string): Task<void> =>
  async () => {
    const { deps } = run;
    deps.prepare(accepted.desired);
    const before = { accepted: run.accepted, plan: run.plan, revision: run.input.revision };
    run.input = inputOf(deps, accepted, revision, run.hasBeenQuiet);
    run.plan = makePlan(run.input);
    run.accepted = accepted;
    run.refused = new Set(run.plan.refused.map(({ conference }) => conference));
    run.withdrawing = withdrawingIn(accepted);
    for (const event of newsIn(before, { accepted, plan: run.plan, revision })) deps.report(event);
    const recorded = await recordPass(run, dispatcher)();
    if (E.isLeft(recorded)) {
      stateFailed(run, recorded.left);
      return;
    }
    stateWorks(run);
    if (!run.started) run.settled = false;
    run.started = true;
    handOver(run, dispatcher);
  };

const recordPass = (run: Run, dispatcher: Dispatcher): TE.TaskEither<LedgerError, void> => {
  const { ledger } = run.deps;
  return pipe(
    // A pass that has nothing to write would not notice that the disk is still full.
    O.isSome(run.stateError) ? ledger.probe : TE.right(undefined),
    TE.chain(() => ledger.write(entriesOf(run))),
    TE.chain(() => recordFacts(run, dispatcher)),
  );
};

const entriesOf = (run: Run): readonly Entry[] => [
  ...(run.started ? [] : abandonedIn(run.deps.ledger.records)),
  ...bookkeeping(run.plan, run.input, run.refused, run.deps.clock.now()),
];

const recordFacts = (run: Run, dispatcher: Dispatcher): TE.TaskEither<LedgerError, void> => {
  const { ledger, account, clock } = run.deps;
  const known = ledger.facts().revision;
  const { revision } = run.input;
  const isSame = O.isSome(known) && known.value.revision === revision;
  return ledger.writeFacts({
    account: O.some(account),
    revision: isSame ? known : O.some({ revision, sinceMs: clock.now() }),
    alerts: alertsOf(run, dispatcher),
  });
};

const handOver = (run: Run, dispatcher: Dispatcher): void => {
  const idle: ConferenceId[] = [];
  const work: Submission[] = [];
  for (const change of run.plan.changes) {
    const { conference } = change;
    const submission = isHeldBack(run, change) ? O.none : need(run, conference, change);
    if (O.isSome(submission)) work.push(submission.value);
    else idle.push(conference);
  }
  dispatcher.withdraw(idle);
  dispatcher.submit(work);
  const held = new Set(dispatcher.view().refused.map(({ conference }) => conference));
  if (work.some(({ attempts, conference }) => attempts === 0 && !held.has(conference))) run.settled = false;
  tellSettled(run, dispatcher);
};

const withdrawingIn = ({ held }: Accepted): ReadonlySet<ConferenceId> =>
  new Set(
    held.filter(({ what }) => what === 'state' || what === 'conference').map(({ conference }) => conference),
  );

const alertsOf = (run: Run, dispatcher: Dispatcher): readonly Alert[] => {
  const { deps, accepted, plan } = run;
  const { paused, refused } = dispatcher.view();
  // What is not wanted any more is withdrawn only after the pass was recorded.
  const held = refused.filter(({ conference }) => guardOf(decide(run, conference))._tag === 'AtMost');
  return alertsFrom(
    accepted.problems,
    [...plan.refused, ...held],
    paused,
    deps.ledger.facts().alerts,
    deps.clock.now(),
  );
};

const inputOf = (
  { ledger, rules }: DaemonDeps,
  { desired, removalsTrusted }: Accepted,
  revision: string,
  hasBeenQuiet: boolean,
): PlanInput => ({
  revision,
  desired,
  records: ledger.records,
  live: new Map(),
  rules: { ...rules, removals: removalsTrusted ? 'count' : hasBeenQuiet ? 'settings' : 'wait' },
});
