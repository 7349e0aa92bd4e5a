/**
 * One apply: makes the remote what a plan says, once, and reports every conference. What people approved is
 * what is sent: the diff is taken again before each call, but against the same declarations.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Catapult } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import { abandonedIn } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerError, Rate, RevisionInForce } from '../ledger/store.js';
import { bookkeeping } from '../plan/bookkeeping.js';
import { diffOf, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import type { Clock } from '../time/clock.js';
import type { AudienceRefusal, DispatchEvent, DispatcherView } from './dispatch-event.js';
import { makeDispatcher, type Dispatcher } from './dispatcher.js';
import { untilReported } from './patience.js';
import { findingIn, resultsFor, type ApplyReport, type Finding } from './report.js';
import { noSpareReads } from './spare.js';
import { workOf } from './workload.js';

export interface ApplyDeps {
  readonly ledger: Ledger;
  /** What the ledger is bound to. */
  readonly account: string;
  readonly catapult: Catapult;
  readonly clock: Clock;
  readonly random: IO<number>;
  readonly report: (event: DispatchEvent, view: DispatcherView) => void;
  /** Handed the way to stop early: no new call, the ones under way are recorded. */
  readonly onStart: (stop: Task<void>) => void;
}

/** Left: the ledger could not be written before the first call; nothing was sent. */
export const applyPlan =
  (plan: Plan, input: PlanInput, force: O.Option<string>) =>
  (deps: ApplyDeps): TE.TaskEither<LedgerError, ApplyReport> =>
    pipe(
      recordForce(plan, force, deps),
      TE.chain(() =>
        deps.ledger.write([
          ...abandonedIn(deps.ledger.records),
          ...bookkeeping(plan, { ...input, records: deps.ledger.records }, new Set(), deps.clock.now()),
        ]),
      ),
      TE.chain(() => recordFacts(plan, input.rules.rate, deps)),
      TE.chainTaskK(() => runCalls(plan, input, force, deps)),
    );

const recordForce = (
  plan: Plan,
  force: O.Option<string>,
  { ledger, clock }: ApplyDeps,
): TE.TaskEither<LedgerError, void> =>
  O.isNone(force) || plan.refused.length === 0
    ? TE.right(undefined)
    : ledger.writeForced({
        atMs: clock.now(),
        revision: plan.revision,
        reason: force.value,
        conferences: plan.refused.map(({ conference }) => conference),
      });

const recordFacts = ({ revision, commit }: Plan, rate: Rate, { ledger, account, clock }: ApplyDeps) => {
  const known = O.filter((inForce: RevisionInForce) => inForce.revision === revision)(
    ledger.facts().revision,
  );
  return ledger.writeFacts({
    account: O.some(account),
    // The same bytes may have been committed since.
    revision: O.isSome(known)
      ? O.some({ ...known.value, commit: O.alt(() => known.value.commit)(commit) })
      : O.some({ revision, commit, sinceMs: clock.now() }),
    alerts: [],
    rate: O.some(rate),
  });
};

const runCalls =
  (plan: Plan, input: PlanInput, force: O.Option<string>, deps: ApplyDeps): Task<ApplyReport> =>
  async () => {
    const findings = new Map<ConferenceId, Finding>();
    const refused: AudienceRefusal[] = [];
    const { ledger, catapult, clock, random } = deps;
    const dispatcher: Dispatcher = makeDispatcher({
      ledger,
      catapult,
      clock,
      random,
      force,
      patience: untilReported,
      rate: input.rules.rate,
      revision: () => plan,
      decide: (conference) => diffOf(conference, { ...input, records: ledger.records }),
      need: () => O.none,
      spare: noSpareReads,
      isAhead: true,
      onLedgerError: (error) => deps.report({ _tag: 'LedgerFailed', error }, dispatcher.view()),
      report: (event) => {
        const finding = findingIn(event);
        if (O.isSome(finding)) findings.set(...finding.value);
        if (event._tag === 'Refused') refused.push(event.refusal);
        deps.report(event, dispatcher.view());
      },
    });
    deps.onStart(dispatcher.stop);
    dispatcher.submit(plan.changes.flatMap((change) => toList(workOf(change, ''))));
    await dispatcher.idle();
    const { stoppedBy } = dispatcher.view();
    return { revision: plan.revision, results: resultsFor(plan, findings), refused, stoppedBy };
  };

const toList = <A>(option: O.Option<A>): readonly A[] => (O.isSome(option) ? [option.value] : []);
