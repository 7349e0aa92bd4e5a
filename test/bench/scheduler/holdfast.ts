/**
 * The real thing: dispatcher, queue, budget and patience as the daemon uses them, with a ledger whose store is in
 * memory. Everything that the benchmark knows of `src/apply/` is in this file.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { makeDispatcher, type Dispatcher } from '../../../src/apply/dispatcher.js';
import { forever } from '../../../src/apply/patience.js';
import { noSpareReads } from '../../../src/apply/spare.js';
import { patientWorkOf } from '../../../src/apply/workload.js';
import type { Failure } from '../../../src/catapult/answer.js';
import type { Catapult } from '../../../src/catapult/catapult.js';
import { classify } from '../../../src/catapult/classify.js';
import { makeScrub } from '../../../src/catapult/scrub.js';
import type { ConferenceId } from '../../../src/conference/id.js';
import type { Body } from '../../../src/conference/settings.js';
import { openLedger, type Ledger } from '../../../src/ledger/ledger.js';
import { noFacts, type Store } from '../../../src/ledger/store.js';
import { bookkeeping, declarationOf } from '../../../src/plan/bookkeeping.js';
import { diffOf, makePlan, type PlanInput } from '../../../src/plan/make-plan.js';
import { applied, declare, recordOf, rules } from '../../plan/sides.js';
import type { Strategy } from './strategy.js';
import type { Carried } from './tally.js';
import { initial, type Edit, type Values, type Workload } from './workload.js';
import type { Reply, World } from './world.js';

export const holdfast: Strategy = {
  name: 'holdfast',
  start: async (world, workload) => {
    const ledger = await ledgerFor(world, workload);
    const values = new Map(workload.conferences.map((id) => [id, initial]));
    const desired = new Map(workload.conferences.map((id) => [id, declare(initial, {}, id)]));
    const redeclare = ({ conference, setting, value }: Edit): void => {
      const next: Values = { ...(values.get(conference) ?? initial), [setting]: value };
      values.set(conference, next);
      desired.set(conference, declare(next, {}, conference));
    };
    const input: PlanInput = {
      revision: 'dir:bench',
      commit: O.none,
      desired,
      records: ledger.records,
      live: new Map(),
      rules: { ...rules, rate: workload.perSecond },
    };
    const dispatcher = dispatcherFor(world, ledger, input);
    // One pass after another, as the daemon does it.
    let passing = Promise.resolve();
    return {
      edited: (edits) => {
        for (const edit of edits) redeclare(edit);
        const edited = edits.map(({ conference }) => conference);
        passing = passing.then(() => pass(world, ledger, input, dispatcher, edited));
      },
    };
  },
};

const dispatcherFor = (world: World, ledger: Ledger, input: PlanInput): Dispatcher =>
  makeDispatcher({
    ledger,
    catapult: catapultFor(world),
    clock: world.clock,
    random: world.random,
    patience: forever,
    force: O.none,
    rate: input.rules.rate,
    revision: () => input,
    decide: (conference) => diffOf(conference, input),
    need: needIn(world, input),
    spare: noSpareReads,
    isAhead: false,
    onLedgerError: () => undefined,
    report: (event) => {
      if (event._tag === 'Broken') throw new Error(event.message);
    },
  });

const needIn =
  ({ clock }: World, input: PlanInput) =>
  (conference: ConferenceId) =>
    patientWorkOf(
      diffOf(conference, input),
      declarationOf(O.fromNullable(input.desired.get(conference))),
      O.fromNullable(input.records.get(conference)),
      clock.now(),
    );

/**
 * Plans, writes what costs no call, and hands the rest over. The daemon plans everything each time; for those that
 * were not edited it would change nothing, and take most of the time of the benchmark.
 */
const pass = async (
  world: World,
  ledger: Ledger,
  input: PlanInput,
  dispatcher: Dispatcher,
  edited: readonly ConferenceId[],
): Promise<void> => {
  const part = { ...input, desired: only(edited, input.desired), records: only(edited, input.records) };
  const plan = makePlan(part);
  await ledger.write(bookkeeping(plan, part, new Set(), world.clock.now()))();
  const need = needIn(world, input);
  const work = plan.changes.map(({ conference }) => ({ conference, submission: need(conference) }));
  dispatcher.withdraw(
    work.flatMap(({ conference, submission }) => (O.isNone(submission) ? [conference] : [])),
  );
  dispatcher.submit(work.flatMap(({ submission }) => (O.isSome(submission) ? [submission.value] : [])));
};

const only = <A>(
  conferences: readonly ConferenceId[],
  all: ReadonlyMap<ConferenceId, A>,
): ReadonlyMap<ConferenceId, A> =>
  new Map(
    conferences.flatMap((conference) => {
      const one = all.get(conference);
      return one === undefined ? [] : [[conference, one] as const];
    }),
  );

const ledgerFor = async (world: World, { conferences }: Workload): Promise<Ledger> => {
  const settings = { mute: applied(initial.mute), tag: applied(initial.tag) };
  const store: Store = {
    load: TE.right({
      records: new Map(conferences.map((id) => [id, recordOf(settings, {}, id)])),
      facts: noFacts,
      lastCall: 0,
      writer: O.none,
    }),
    history: () => TE.right([]),
    forced: () => TE.right([]),
    lost: new Promise(() => undefined),
    commit: () => async () => {
      await world.commit();
      return E.right(undefined);
    },
    close: () => Promise.resolve(),
  };
  const ledger = await openLedger(store)();
  if (E.isLeft(ledger)) throw new Error('the state cannot be opened');
  return ledger.right;
};

const catapultFor = ({ send, clock }: World): Catapult => ({
  update: (conference, body) => async () => understood(await send(conference, carriedBy(body)), clock.now()),
  read: () => () => {
    throw new Error('no workload asks for a look');
  },
});

const carriedBy = ({ mute, tag }: Body): Carried => ({
  ...(mute === undefined ? {} : { mute: mute === true }),
  ...(tag === undefined ? {} : { tag: String(tag) }),
});

const scrub = makeScrub([]);

const understood = (reply: Reply, nowMs: number): E.Either<Failure, number> =>
  reply._tag === 'TimedOut'
    ? E.left({ _tag: 'InDoubt', evidence: { status: O.none, code: O.none, message: 'no answer' } })
    : classify(
        {
          status: reply.status,
          rateLimitReset: O.map(String)(reply.resetAtMs),
          date: O.none,
          location: O.none,
          body: O.some(reply.status === 404 ? '{"code":"conference-not-found"}' : ''),
        },
        nowMs,
        scrub,
      );
