/**
 * A dispatcher at work: the real one with its real ledger, over virtual time, a store in memory and a model of
 * the API that can be told to answer otherwise. Declarations are handed over as the daemon does it.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DispatchEvent } from '../../src/apply/dispatch-event.js';
import type { DispatcherDeps } from '../../src/apply/dispatcher-deps.js';
import { makeDispatcher, type Dispatcher } from '../../src/apply/dispatcher.js';
import { forever, type Patience } from '../../src/apply/patience.js';
import { noSpareReads } from '../../src/apply/spare.js';
import { patientWorkOf, workOf } from '../../src/apply/workload.js';
import type { Failure } from '../../src/catapult/answer.js';
import type { Catapult, Live } from '../../src/catapult/catapult.js';
import type { ConferenceId } from '../../src/conference/id.js';
import type { Body } from '../../src/conference/settings.js';
import type { Declared } from '../../src/desired/desired.js';
import { openLedger, type Ledger } from '../../src/ledger/ledger.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import { noFacts, type Batch, type LedgerError, type Store, type Rate } from '../../src/ledger/store.js';
import { bookkeeping, declarationOf } from '../../src/plan/bookkeeping.js';
import { diffOf, makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import type { OnRemove } from '../../src/plan/plan.js';
import { rules } from '../plan/sides.js';
import { makeVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

export interface Request {
  readonly method: 'POST' | 'GET';
  readonly conference: ConferenceId;
  readonly body: Body;
  /** Calls to this conference so far, this one included. */
  readonly nth: number;
}

export interface Sent extends Request {
  readonly leftMs: number;
  /** Infinity while it is under way. */
  endedMs: number;
  /** What a GET found. */
  saw: O.Option<Live>;
}

export interface Reply {
  /** absent: as the model answers. */
  readonly failure?: Failure;
  /** The call is executed although it fails. */
  readonly executes?: boolean;
  readonly tookMs?: number;
}

export interface Bench {
  readonly clock: VirtualClock;
  readonly ledger: Ledger;
  readonly dispatcher: Dispatcher;
  readonly events: readonly DispatchEvent[];
  /** Outcomes that could not be written and are tried again. */
  readonly stateErrors: readonly LedgerError[];
  readonly sent: readonly Sent[];
  /** `activeMembers` as the API tells it. */
  readonly remote: Map<ConferenceId, Live>;
  /** How the API answers; by default, as the model does. */
  answer: (request: Request) => Reply;
  /** Why a commit fails. */
  fails: (batch: Batch) => LedgerError | undefined;
  /** How long a commit takes; by default, no time at all. */
  commitTakesMs: (batch: Batch) => number;
  /** These conferences are declared so from now on; all others as before. */
  readonly declare: (...declared: readonly Declared[]) => Promise<void>;
  readonly undeclare: (conference: ConferenceId) => Promise<void>;
  /** A pass of the daemon over what is declared. */
  readonly handOver: () => Promise<void>;
}

export interface BenchOptions {
  readonly rate?: Rate;
  readonly patience?: Patience;
  readonly onRemove?: OnRemove;
  readonly maxAudience?: number;
  readonly random?: () => number;
  readonly records?: readonly ConferenceRecord[];
  readonly deps?: Partial<DispatcherDeps>;
}

const latencyMs = 20;

/** The backlog when nothing waits. */
export const empty = { lanes: { 1: 0, 2: 0, 3: 0 }, open: 0 };

export const makeBench = async (options: BenchOptions = {}): Promise<Bench> => {
  const { rate = 1, patience = forever, onRemove = 'release', random = () => 1, records = [] } = options;
  const clock = makeVirtualClock();
  const events: DispatchEvent[] = [];
  const stateErrors: LedgerError[] = [];
  const sent: Sent[] = [];
  const desired = new Map<ConferenceId, Declared>();
  const ledger = await ledgerIn(storeFor(clock, records, () => bench));
  const input = (): PlanInput => ({
    revision: 'dir:now',
    commit: O.none,
    desired,
    records: ledger.records,
    live: new Map(),
    rules: { ...rules, maxComplete: 1000, maxAudience: O.fromNullable(options.maxAudience), rate, onRemove },
  });
  const need: DispatcherDeps['need'] = (conference) => {
    const change = diffOf(conference, input());
    const declaration = declarationOf(O.fromNullable(desired.get(conference)));
    return patience === forever
      ? patientWorkOf(change, declaration, O.fromNullable(ledger.records.get(conference)), clock.now())
      : workOf(change, declaration);
  };
  const dispatcher = makeDispatcher({
    ledger,
    catapult: catapultFor(clock, sent, () => bench),
    clock,
    random,
    patience,
    force: O.none,
    rate,
    revision: () => ({ revision: 'dir:now', commit: O.none }),
    decide: (conference) => diffOf(conference, input()),
    need: patience === forever ? need : () => O.none,
    onLedgerError: (error) => stateErrors.push(error),
    report: (event) => events.push(event),
    spare: noSpareReads,
    isAhead: true,
    ...options.deps,
  });
  const handOver = async (): Promise<void> => {
    const plan = makePlan(input());
    await ledger.write(bookkeeping(plan, input(), new Set(), 0))();
    const work = plan.changes.map(({ conference }) => [conference, need(conference)] as const);
    dispatcher.withdraw(
      work.flatMap(([conference, submission]) => (O.isNone(submission) ? [conference] : [])),
    );
    dispatcher.submit(work.flatMap(([, submission]) => (O.isSome(submission) ? [submission.value] : [])));
    await clock.pass(0);
  };
  const bench: Bench = {
    clock,
    ledger,
    dispatcher,
    events,
    stateErrors,
    sent,
    remote: new Map(),
    answer: () => ({}),
    fails: () => undefined,
    commitTakesMs: () => 0,
    declare: (...declared) => {
      for (const one of declared) desired.set(one.id, one);
      return handOver();
    },
    undeclare: (conference) => {
      desired.delete(conference);
      return handOver();
    },
    handOver,
  };
  return bench;
};

const evidence = { status: O.none, code: O.none, message: 'it said no' };
export const failure = (tag: Exclude<Failure['_tag'], 'Limited'>): Failure => ({ _tag: tag, evidence });
export const limitedUntil = (resetAtMs: O.Option<number>): Failure => ({
  _tag: 'Limited',
  evidence,
  resetAtMs,
});
export const unavailable: LedgerError = {
  _tag: 'Unavailable',
  location: 'memory',
  detail: 'the disk is full',
};
export const leaseLost: LedgerError = { _tag: 'LeaseLost', location: 'memory' };

export const isIntent = ({ calls }: Batch): boolean => calls.some(({ result }) => O.isNone(result));
export const isOutcome = ({ calls }: Batch): boolean => calls.some(({ result }) => O.isSome(result));

/** How many calls were under way at once, at most. */
export const mostAtOnce = (sent: readonly Sent[]): number =>
  Math.max(
    0,
    ...sent.map(
      ({ leftMs }) => sent.filter((other) => other.leftMs <= leftMs && leftMs < other.endedMs).length,
    ),
  );

/** The time from one departure to the next. */
export const gapsMs = (sent: readonly Sent[]): readonly number[] =>
  sent.slice(1).map(({ leftMs }, index) => leftMs - (sent[index]?.leftMs ?? 0));

/**
 * The calls that completed or held a conference without a look just before that found so few people in it: none
 * left between the two but another of its kind, and the call came in time after the look.
 */
export const staleCalls = ({ sent }: Bench, few: number, withinMs = 1_005 + 250): readonly Sent[] =>
  sent.filter(isFelt).filter((post) => {
    const look = sent
      .filter(({ conference, method }) => conference === post.conference && method === 'GET')
      .filter(({ endedMs }) => endedMs <= post.leftMs)
      .at(-1);
    if (look === undefined || O.isNone(look.saw)) return true;
    const { activeMembers } = look.saw.value;
    const between = sent.filter(({ leftMs }) => leftMs > look.endedMs && leftMs < post.leftMs);
    return (
      !O.exists((members: number) => members <= few)(activeMembers) ||
      post.leftMs - look.endedMs > withinMs ||
      !between.every(isFelt)
    );
  });

const isFelt = ({ method, body }: Sent): boolean =>
  method === 'POST' && (body.state === 'completed' || body.hold === true);

/** `POST conf-1 {"tag":"t"}` */
export const shown = ({ method, conference, body }: Request): string =>
  method === 'GET' ? `GET ${conference}` : `POST ${conference} ${JSON.stringify(body)}`;

const storeFor = (
  clock: VirtualClock,
  records: readonly ConferenceRecord[],
  bench: () => Pick<Bench, 'fails' | 'commitTakesMs'>,
): Store => ({
  load: TE.right({
    records: new Map(records.map((record) => [record.id, record])),
    facts: noFacts,
    lastCall: 0,
    writer: O.none,
  }),
  history: () => TE.right([]),
  forced: () => TE.right([]),
  lost: new Promise(() => undefined),
  commit: (batch) => async () => {
    const error = bench().fails(batch);
    const takesMs = bench().commitTakesMs(batch);
    if (takesMs > 0) await sleep(clock, takesMs);
    return error === undefined ? E.right(undefined) : E.left(error);
  },
  close: () => Promise.resolve(),
});

const ledgerIn = async (store: Store): Promise<Ledger> => {
  const ledger = await openLedger(store)();
  if (E.isLeft(ledger)) throw new Error('the state cannot be opened');
  return ledger.right;
};

/** The call arrives, and is executed, halfway. */
const catapultFor = (clock: VirtualClock, sent: Sent[], bench: () => Bench): Catapult => {
  const call =
    <A>(
      method: Request['method'],
      conference: ConferenceId,
      body: Body,
      execute: (request: Sent) => E.Either<Failure, A>,
    ): TE.TaskEither<Failure, A> =>
    async () => {
      const nth = sent.filter((other) => other.conference === conference).length + 1;
      const request: Sent = {
        method,
        conference,
        body,
        nth,
        leftMs: clock.elapsed(),
        endedMs: Infinity,
        saw: O.none,
      };
      sent.push(request);
      const {
        failure: failed,
        executes = failed === undefined,
        tookMs = latencyMs,
      } = bench().answer(request);
      await sleep(clock, tookMs / 2);
      const answer = executes ? execute(request) : undefined;
      await sleep(clock, tookMs / 2);
      request.endedMs = clock.elapsed();
      if (failed !== undefined) return E.left(failed);
      return answer ?? E.left(failure('InDoubt'));
    };
  const live = (conference: ConferenceId): Live =>
    bench().remote.get(conference) ?? { state: 'active', activeMembers: O.some(0), settings: {} };
  return {
    update: (conference, body) =>
      call('POST', conference, body, () => {
        const before = live(conference);
        if (before.state === 'completed') return E.left(failure('Ended'));
        const { state, ...settings } = body;
        bench().remote.set(conference, {
          ...before,
          state: state === undefined ? before.state : 'completed',
          settings: { ...before.settings, ...settings },
        });
        return E.right(200);
      }),
    read: (conference) =>
      call('GET', conference, {}, (request) => {
        request.saw = O.some(live(conference));
        return E.right(live(conference));
      }),
  };
};

const sleep = (clock: VirtualClock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));
