/**
 * What a run of a scheduler is measured by. It sees the edits and the calls, and asks nothing of the scheduler.
 *
 * Work waits while some conference is otherwise than declared, no call to it is under way, and none has failed
 * since its last edit (a 429 is no failure: it was not executed). How long to wait after a failure is a decision of
 * the scheduler, and shows in the total time. Budget used is the share of the turns the API had for calls while work
 * waited that were taken.
 */
import type { ConferenceId } from '../../../src/conference/id.js';
import { turnsBetween } from './limit.js';
import {
  initial,
  isHopeless,
  isWatched,
  type Delay,
  type Edit,
  type Setting,
  type Value,
  type Workload,
} from './workload.js';

export interface Measures {
  /** Everything that left, also what was refused. */
  readonly calls: number;
  readonly limited: number;
  readonly budgetUsed: number;
  readonly delays: readonly Delay[];
  /** Until everything was as declared that can be; Infinity: it was not when the run was given up. */
  readonly totalMs: number;
}

export type Carried = Readonly<Partial<Record<Setting, Value>>>;

export interface Tally {
  readonly edited: (edit: Edit) => void;
  readonly departs: (conference: ConferenceId) => void;
  /** The API takes a call that left at `leftMs`. */
  readonly takes: (leftMs: number) => void;
  readonly executes: (conference: ConferenceId, carried: Carried, leftMs: number) => void;
  readonly ends: (conference: ConferenceId, how: 'executed' | 'limited' | 'failed') => void;
  /** Since when everything is as declared that can be; Infinity: it is not. */
  readonly settledMs: () => number;
  readonly measures: () => Measures;
}

interface Tracked {
  readonly declared: { mute: Value; tag: Value };
  readonly live: { mute: Value; tag: Value };
  /** What has not been carried out. */
  readonly open: Map<Setting, Edit>;
  underWay: number;
  hasFailed: boolean;
}

interface Period {
  readonly fromMs: number;
  toMs: number;
}

export const makeTally = (workload: Workload, nowMs: () => number): Tally => {
  const tracked = new Map(workload.conferences.map((conference) => [conference, untouched()]));
  const differing = new Set<ConferenceId>();
  const waiting = new Set<ConferenceId>();
  const periods: Period[] = [];
  const takenMs: number[] = [];
  const delays: Delay[] = [];
  let calls = 0;
  let limited = 0;
  let editsLeft = workload.edits.length;
  let settledMs = Infinity;

  const get = (conference: ConferenceId): Tracked => {
    const known = tracked.get(conference);
    if (known === undefined) throw new Error(`nobody knows ${conference}`);
    return known;
  };

  const update = (conference: ConferenceId): void => {
    const one = get(conference);
    const differs = one.declared.mute !== one.live.mute || one.declared.tag !== one.live.tag;
    put(differing, conference, differs && !isHopeless(conference, workload));
    put(waiting, conference, differs && one.underWay === 0 && !one.hasFailed);
    const period = periods.at(-1);
    const isOpen = period?.toMs === Infinity;
    if (waiting.size > 0 && !isOpen) periods.push({ fromMs: nowMs(), toMs: Infinity });
    if (waiting.size === 0 && isOpen) period.toMs = nowMs();
    if (differing.size > 0 || editsLeft > 0) settledMs = Infinity;
    else if (settledMs === Infinity) settledMs = nowMs();
  };

  return {
    edited: (edit) => {
      const one = get(edit.conference);
      editsLeft -= 1;
      one.declared[edit.setting] = edit.value;
      one.hasFailed = false;
      if (edit.value === one.live[edit.setting]) one.open.delete(edit.setting);
      else one.open.set(edit.setting, edit);
      update(edit.conference);
    },
    departs: (conference) => {
      calls += 1;
      get(conference).underWay += 1;
      update(conference);
    },
    takes: (leftMs) => {
      takenMs.push(leftMs);
    },
    executes: (conference, carried, leftMs) => {
      const one = get(conference);
      one.live.mute = carried.mute ?? one.live.mute;
      one.live.tag = carried.tag ?? one.live.tag;
      for (const [setting, edit] of one.open) {
        if (one.live[setting] !== edit.value) continue;
        one.open.delete(setting);
        if (isWatched(edit, workload)) delays.push({ edit, delayMs: leftMs - edit.atMs });
      }
      update(conference);
    },
    ends: (conference, how) => {
      const one = get(conference);
      one.underWay -= 1;
      if (how === 'limited') limited += 1;
      if (how === 'failed') one.hasFailed = true;
      update(conference);
    },
    settledMs: () => settledMs,
    measures: () => {
      const budgetUsed = shareUsed(periods, takenMs, workload);
      return { calls, limited, budgetUsed, delays, totalMs: settledMs };
    },
  };
};

const untouched = (): Tracked => ({
  declared: { ...initial },
  live: { ...initial },
  open: new Map(),
  underWay: 0,
  hasFailed: false,
});

const put = (all: Set<ConferenceId>, conference: ConferenceId, isIn: boolean): void => {
  if (isIn) all.add(conference);
  else all.delete(conference);
};

/** Calls count when they leave: a journey takes its time for everybody. */
const shareUsed = (periods: readonly Period[], takenMs: readonly number[], { limit }: Workload): number => {
  const taken = takenMs.toSorted((left, right) => left - right);
  let used = 0;
  let possible = 0;
  for (const { fromMs, toMs } of periods.filter((period) => period.toMs < Infinity)) {
    const inside = taken.filter((atMs) => atMs >= fromMs && atMs <= toMs).length;
    const lastMs = taken.findLast((atMs) => atMs < fromMs) ?? -Infinity;
    used += inside;
    possible += Math.max(inside, turnsBetween(limit, lastMs, fromMs, toMs));
  }
  return possible === 0 ? 1 : used / possible;
};
