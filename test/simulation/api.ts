/**
 * The API as the facts have it, as a model: what each conference is like, and every request on its way. It
 * executes, refuses, loses and delays as the scenario says, and it knows nothing of a ledger.
 *
 * One assumption (`lateMs`): a request whose connection was lost is executed within a second, or never.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Failure } from '../../src/catapult/answer.js';
import type { Catapult, Live } from '../../src/catapult/catapult.js';
import type { ConferenceId } from '../../src/conference/id.js';
import { bodyEntries, defaults, type Body } from '../../src/conference/settings.js';
import type { Kernel, Owner } from './kernel.js';
import type { Promises } from './promises.js';
import { luck } from './random.js';
import type { Fate, Scenario } from './scenario.js';
import type { Truth } from './truth.js';

export interface Api {
  readonly truthOf: (conference: ConferenceId) => Truth;
  readonly catapultFor: (owner: Owner) => Catapult;
  /** All calls are refused in this way for a while. */
  readonly outage: (kind: 'unsent' | 'denied', untilMs: number) => void;
  /** Its connections are closed. */
  readonly died: (owner: Owner) => void;
  readonly hasRejected: (conference: ConferenceId) => boolean;
  /** No more faults. */
  readonly calm: () => void;
}

export interface ApiDeps {
  readonly kernel: Kernel;
  readonly promises: Promises;
  readonly scenario: Scenario;
  readonly fates: ReadonlyMap<number, Fate>;
  readonly epochMs: () => number;
}

/** After its connection was lost a request is executed within this time, or never. */
const lateMs = 900;
const timeoutMs = 10_000;
const slowMs = 7_000;

/** A request on its way. */
interface Request {
  readonly nth: number;
  readonly owner: Owner;
  readonly conference: ConferenceId;
  /** none: a GET. */
  readonly body: O.Option<Body>;
  readonly truth: Truth;
  /** Whether the server may still execute it. */
  open: boolean;
  cancel: () => void;
}

type Reply = E.Either<Failure, Live>;

export const makeApi = (deps: ApiDeps, truths: Map<ConferenceId, Truth>): Api => {
  const { kernel, promises, scenario, fates, epochMs } = deps;
  const { seed } = scenario;
  const requests = new Set<Request>();
  const rejected = new Set<ConferenceId>();
  let calls = 0;
  let calm = false;
  let outage: { readonly kind: 'unsent' | 'denied'; readonly untilMs: number } | undefined;
  let lastTakenMs = -Infinity;

  const truthOf = (conference: ConferenceId): Truth => {
    const known = truths.get(conference);
    if (known !== undefined) return known;
    const truth: Truth = {
      ended: false,
      members: calm ? 0 : 1,
      onTheWay: 0,
      settings: { ...defaults },
      elsewhere: new Set(),
    };
    truths.set(conference, truth);
    return truth;
  };

  const execute = ({ truth, owner, conference, body }: Request): Reply => {
    if (O.isNone(body)) return E.right(liveOf(truth));
    if (truth.ended) return E.left(failure('Ended'));
    promises.executes(owner, conference, body.value);
    const { state, ...settings } = body.value;
    truth.settings = { ...truth.settings, ...settings };
    for (const [name] of bodyEntries(body.value)) truth.elsewhere.delete(name);
    if (state !== undefined) {
      truth.ended = true;
      truth.members = 0;
    }
    promises.changed(conference);
    return E.right(liveOf(truth));
  };

  const close = (request: Request): void => {
    if (!request.open) return;
    request.open = false;
    if (O.isSome(request.body)) request.truth.onTheWay -= 1;
    requests.delete(request);
  };

  /** The limit of the API. none: there is room. */
  const limited = (): O.Option<number> => {
    const { grantedRate } = scenario;
    if (grantedRate === 'unlimited') return O.none;
    const nowMs = kernel.elapsedMs();
    const freeMs = lastTakenMs + 1000 / grantedRate;
    if (nowMs + 0.001 < freeMs) return O.some(freeMs - nowMs);
    lastTakenMs = nowMs;
    return O.none;
  };

  const send = (owner: Owner, conference: ConferenceId, body: O.Option<Body>): Promise<Reply> =>
    new Promise((resolve) => {
      calls += 1;
      const truth = truthOf(conference);
      const request: Request = { nth: calls, owner, conference, body, truth, open: true, cancel: nothing };
      requests.add(request);
      if (O.isSome(body)) truth.onTheWay += 1;
      const answer = (reply: Reply, delayMs: number): void => {
        if (E.isLeft(reply) && reply.left._tag === 'InDoubt' && O.isSome(body))
          promises.doubted(conference, body.value);
        void kernel.after(
          delayMs,
          `answer ${request.nth} ${E.isLeft(reply) ? reply.left._tag : 'ok'}`,
          () => resolve(onOurClock(reply, delayMs, epochMs())),
          owner,
        );
      };
      arrive(request, fates.get(request.nth), answer);
    });

  const arrive = (request: Request, planned: Fate | undefined, answer: Answer): void => {
    const wayMs = scenario.latencyMs * (0.2 + 0.6 * luck(seed, 'way', request.nth));
    const said = (tag: Plain): void => {
      close(request);
      answer(E.left(failure(tag)), 0);
    };
    request.cancel = kernel.after(wayMs, `request ${request.nth} ${planned ?? ''} arrives`, () => {
      const fate = calm ? undefined : planned;
      if (outage !== undefined && kernel.elapsedMs() < outage.untilMs)
        return said(outage.kind === 'unsent' ? 'Unsent' : 'Denied');
      if (fate === 'unsent') return said('Unsent');
      const waitMs = fate === 'limited' || fate === 'limited-silently' ? O.some(700) : limited();
      if (O.isSome(waitMs)) {
        close(request);
        answer(
          E.left({ _tag: 'Limited', evidence, resetAtMs: fate === 'limited-silently' ? O.none : waitMs }),
          wayMs,
        );
        return undefined;
      }
      return decide(request, fate, answer, wayMs);
    });
  };

  const decide = (request: Request, fate: Fate | undefined, answer: Answer, wayMs: number): void => {
    const now = (reply: Reply): Reply => {
      close(request);
      return reply;
    };
    switch (fate) {
      case 'conflict':
        return answer(now(E.left(failure('Conflict'))), wayMs);
      case 'rejected':
        rejected.add(request.conference);
        return answer(now(E.left(failure('Rejected'))), wayMs);
      case 'missing':
        return answer(now(E.left(failure('Missing'))), wayMs);
      case 'unheard':
        return answer(now(E.left(failure('InDoubt'))), request.nth % 2 === 0 ? wayMs : timeoutMs);
      case 'lost':
        execute(request);
        return answer(now(E.left(failure('InDoubt'))), request.nth % 2 === 0 ? wayMs : timeoutMs);
      case 'late': {
        answer(E.left(failure('InDoubt')), 0);
        const delayMs = luck(seed, 'late', request.nth) * lateMs;
        request.cancel = kernel.after(delayMs, `request ${request.nth} is executed late`, () => {
          if (request.open) execute(request);
          close(request);
        });
        return undefined;
      }
      case 'twice':
        execute(request);
        if (!request.truth.ended) promises.repeats();
        return answer(now(execute(request)), wayMs);
      case 'slow':
        request.cancel = kernel.after(slowMs, `request ${request.nth} is executed`, () => {
          answer(now(execute(request)), wayMs);
        });
        return undefined;
      case 'limited':
      case 'limited-silently':
      case 'unsent':
      case undefined:
        return answer(now(execute(request)), wayMs);
    }
  };

  return {
    truthOf,
    catapultFor: (owner) => ({
      update: (conference, body) => async () => {
        promises.departs(owner, conference, body);
        const reply = await send(owner, conference, O.some(body));
        return E.isRight(reply) ? E.right(200) : reply;
      },
      read: (conference) => async () => {
        const reply = await send(owner, conference, O.none);
        if (E.isRight(reply)) promises.looked(owner, conference, reply.right);
        return reply;
      },
    }),
    outage: (kind, untilMs) => {
      outage = { kind, untilMs };
    },
    died: (owner) => {
      for (const request of [...requests]) {
        if (request.owner !== owner) continue;
        request.cancel();
        // It had left: the server may have it, or not.
        const chance = luck(seed, 'died', request.nth);
        if (chance < 0.4) close(request);
        else
          request.cancel = kernel.after(
            (chance - 0.4) * lateMs,
            `request ${request.nth} outlives its process`,
            () => {
              if (request.open) execute(request);
              close(request);
            },
          );
      }
    },
    hasRejected: (conference) => rejected.has(conference),
    calm: () => {
      calm = true;
      outage = undefined;
    },
  };
};

type Answer = (reply: Reply, delayMs: number) => void;
type Plain = Exclude<Failure['_tag'], 'Limited'>;

/** Until here `resetAtMs` is the time to wait: clocks may jump on the way. */
const onOurClock = (reply: Reply, delayMs: number, nowMs: number): Reply =>
  E.isLeft(reply) && reply.left._tag === 'Limited'
    ? E.left({
        ...reply.left,
        resetAtMs: O.map((waitMs: number) => Math.ceil(nowMs + waitMs - delayMs))(reply.left.resetAtMs),
      })
    : reply;

const nothing = (): void => undefined;
const evidence = { status: O.none, code: O.none, message: 'simulated' };
const failure = (tag: Plain): Failure => ({ _tag: tag, evidence });

const liveOf = ({ ended, members, settings }: Truth): Live => ({
  state: ended ? 'completed' : members === 0 ? 'created' : 'active',
  activeMembers: O.some(members),
  settings,
});
