/**
 * Decides one call: gate, fault, model, callbacks, in this order, in one synchronous step, so that commands
 * never interleave. HTTP is around it, not in it.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { lateExecutionMs } from '../catapult/assumptions.js';
import { type JsonObject, parseBody } from './body.js';
import { wait } from './connection.js';
import type { Courier } from './courier.js';
import { chooseFault, type Fault, type Faults } from './fault.js';
import { makeGate, type Visitor } from './gate.js';
import { draw } from './random.js';
import { faultRefusal, type Refusal, updateConflict } from './refusal.js';
import type { SandboxConfig } from './sandbox.js';
import type { Answer } from './step.js';
import type { Store } from './store.js';
import { type Command, execute } from './world.js';

export interface Call extends Visitor {
  /** Empty when the call creates one. */
  readonly conferenceId: string;
  /** Scheme, host and port as the client wrote them. */
  readonly origin: string;
  readonly text: string;
  /** Asked only if the call is let through. */
  readonly toCommand: (body: JsonObject) => Command;
}

export type Ending =
  | { readonly _tag: 'Answered'; readonly answer: Answer }
  /** Nothing is answered; with `Lost` the call was executed. */
  | { readonly _tag: 'Unanswered'; readonly fault: Exclude<Fault, { readonly _tag: 'Status' }> };

/** Some time is left for the client's clock and ours to differ. */
const nearlyTooLateMs = lateExecutionMs * 0.8;

export type Platform = (call: Call) => Ending;

export const makePlatform = (config: SandboxConfig, store: Store, courier: Courier): Platform => {
  const { assumptions, now } = config;
  const gate = makeGate(config);
  const nextFault = makeFaultSource(config.faults, config.seed);
  const updating = new Set<string>();

  const run = (call: Call): Answer =>
    pipe(
      call.method === 'GET' ? E.right({}) : parseBody(call.text, assumptions),
      E.map(call.toCommand),
      E.chainFirst((command) => claim(call.userId, command)),
      E.match(refused, (command) => executeFor(call, command)),
    );

  // An update is in progress until its answer is out, which is when the latency is over.
  const claim = (userId: string, { _tag, conferenceId }: Command): E.Either<Refusal, void> => {
    if (_tag !== 'Update' || assumptions.overlappingUpdates === 'accept') return E.right(undefined);
    const key = JSON.stringify([userId, conferenceId]);
    if (updating.has(key)) return E.left(updateConflict(conferenceId));
    updating.add(key);
    void wait(config.latencyMs).then(() => updating.delete(key));
    return E.right(undefined);
  };

  const executeFor = ({ userId, origin }: Call, command: Command): Answer => {
    const found = store.find(userId, command.conferenceId);
    const userUrl = `${origin}/v1/users/${encodeURIComponent(userId)}`;
    const outcome = execute(found, command, { assumptions, nowMs: now(), userUrl });
    if (O.isSome(outcome.conference)) store.save(userId, outcome.conference.value);
    courier.submit(outcome.callbacks);
    return outcome.answer;
  };

  const lose = (call: Call): void => {
    if (assumptions.lostCall === 'at-once') run(call);
    else void wait(nearlyTooLateMs).then(() => run(call));
  };

  return (call) => {
    const passed = gate(call, now());
    if (E.isLeft(passed)) return answered(refused(passed.left));
    const fault = O.toUndefined(nextFault());
    if (fault === undefined) return answered(run(call));
    if (fault._tag === 'Status') return answered(refused(statusFault(fault.status, call, config)));
    if (fault._tag === 'Lost') lose(call);
    return { _tag: 'Unanswered', fault };
  };
};

/** One draw for each call that is let through, so that a seed replays the same faults. */
const makeFaultSource = (faults: Faults, seed: number): (() => O.Option<Fault>) => {
  let state = seed;
  return () => {
    const { value, next } = draw(state);
    state = next;
    return chooseFault(faults, value);
  };
};

const statusFault = (
  status: number,
  { conferenceId }: Call,
  { assumptions, now, rate }: SandboxConfig,
): Refusal =>
  faultRefusal(
    status,
    conferenceId,
    Math.ceil(now() + (rate === 'unlimited' ? 1000 : 1000 / rate)),
    assumptions,
  );

const answered = (answer: Answer): Ending => ({ _tag: 'Answered', answer });

const refused = (refusal: Refusal): Answer => ({ _tag: 'Refused', refusal });
