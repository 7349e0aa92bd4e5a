/**
 * What a scheduler lives in: a clock whose timers are a little late, a state that takes a moment to write, and an
 * API that counts calls when they arrive, refuses what comes too early, and fails where the workload says so.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { ConferenceId } from '../../../src/conference/id.js';
import type { Clock } from '../../../src/time/clock.js';
import type { Kernel } from '../../simulation/kernel.js';
import { luck } from '../../simulation/random.js';
import type { Conditions } from './conditions.js';
import { intervalAtMs, roundingMs } from './limit.js';
import type { Carried, Tally } from './tally.js';
import { failsAt, type Fault, type Workload } from './workload.js';

export interface World {
  readonly clock: Clock;
  readonly random: IO<number>;
  /** Resolves so much later. */
  readonly sleep: (delayMs: number) => Promise<void>;
  /** One call to the API. */
  readonly send: (conference: ConferenceId, carried: Carried) => Promise<Reply>;
  /** As long as a commit of the state takes. */
  readonly commit: Task<void>;
}

export type Reply =
  /** `resetAtMs`: epoch milliseconds, as the header says. */
  | { readonly _tag: 'Answered'; readonly status: number; readonly resetAtMs: O.Option<number> }
  /** The client gave up waiting. */
  | { readonly _tag: 'TimedOut' };

export interface WorldDeps {
  readonly kernel: Kernel;
  readonly workload: Workload;
  readonly tally: Tally;
  readonly conditions: Conditions;
  readonly seed: number;
}

const startEpochMs = 1_700_000_000_000;
/** As long as holdfast waits; the others do likewise. */
const timeoutMs = 30_000;

export const makeWorld = (deps: WorldDeps): World => {
  const { kernel, conditions, seed } = deps;
  let timers = 0;
  let chances = 0;
  let commits = 0;
  const after: Clock['after'] = (delayMs, run) =>
    kernel.after(delayMs + conditions.lateMs((timers += 1)), 'timer', run);
  const sleep = (delayMs: number): Promise<void> => new Promise((resolve) => void after(delayMs, resolve));
  return {
    clock: {
      now: () => Math.floor(startEpochMs + kernel.elapsedMs()),
      elapsed: kernel.elapsedMs,
      after,
    },
    random: () => luck(seed, 'scheduler', (chances += 1)),
    sleep,
    send: makeApi(deps),
    commit: () =>
      new Promise((resolve) => {
        const takesMs = conditions.commitMs((commits += 1));
        void kernel.after(takesMs, 'commit', resolve);
      }),
  };
};

const makeApi = ({ kernel, workload, tally, conditions }: WorldDeps): World['send'] => {
  let calls = 0;
  let takenMs = -Infinity;

  /** The status, or none: no answer will come. */
  const arrive = (conference: ConferenceId, carried: Carried, leftMs: number): O.Option<number> => {
    const nowMs = kernel.elapsedMs();
    if (nowMs + roundingMs < takenMs + intervalAtMs(workload.limit, nowMs)) return O.some(429);
    takenMs = nowMs;
    tally.takes(leftMs);
    const fault = workload.faults.get(conference);
    if (fault !== undefined && failsAt(conference, workload, nowMs)) return statusOf(fault);
    tally.executes(conference, carried, leftMs);
    return O.some(200);
  };

  return (conference, carried) =>
    new Promise((resolve) => {
      const nth = (calls += 1);
      const leftMs = kernel.elapsedMs();
      tally.departs(conference);
      const answer = (delayMs: number, reply: Reply): void => {
        void kernel.after(delayMs, 'answer', () => {
          tally.ends(conference, endOf(reply));
          resolve(reply);
        });
      };
      void kernel.after(conditions.thereMs(nth), 'arrival', () => {
        const status = arrive(conference, carried, leftMs);
        if (O.isNone(status)) {
          answer(leftMs + timeoutMs - kernel.elapsedMs(), { _tag: 'TimedOut' });
          return;
        }
        const freeMs = Math.ceil(startEpochMs + takenMs + intervalAtMs(workload.limit, kernel.elapsedMs()));
        const resetAtMs = status.value === 429 ? O.some(freeMs) : O.none;
        answer(conditions.backMs(nth), { _tag: 'Answered', status: status.value, resetAtMs });
      });
    });
};

const statusOf = ({ kind }: Fault): O.Option<number> => {
  switch (kind) {
    case 'unavailable':
      return O.some(503);
    case 'timeout':
      return O.none;
    case 'missing':
      return O.some(404);
    case 'rejected':
      return O.some(400);
  }
};

const endOf = (reply: Reply): 'executed' | 'limited' | 'failed' => {
  if (reply._tag === 'TimedOut') return 'failed';
  return reply.status === 200 ? 'executed' : reply.status === 429 ? 'limited' : 'failed';
};
