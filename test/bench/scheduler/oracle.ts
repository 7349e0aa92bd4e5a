/**
 * The offline oracle: what could have been done by somebody who knows all edits, faults and limits beforehand, whose
 * calls take no time, and who sends one whenever the API has a turn for it.
 *
 * Its rules, in this order:
 *
 * 1. Lane 1 is heard by people and does not wait: at a free turn the oldest change of `mute` goes first, with
 *    everything that is declared for its conference at that moment riding along. One that is taken back before its
 *    turn costs nothing.
 * 2. Lane 2 is sent once: after the last edit of its conference, and only if it has not ridden along with a change
 *    of lane 1 and is not as it was in the beginning.
 * 3. A conference is not called while it fails.
 * 4. No turn is left unused while there is something that may go.
 *
 * Fewest possible calls: those that rules 1 to 3 leave. Total time: until the last of them. Pure.
 */
import type { ConferenceId } from '../../../src/conference/id.js';
import { freeAtMs } from './limit.js';
import {
  failsAt,
  initial,
  isHopeless,
  isWatched,
  type Delay,
  type Edit,
  type Value,
  type Workload,
} from './workload.js';

export interface OracleRun {
  readonly calls: number;
  readonly totalMs: number;
  readonly delays: readonly Delay[];
}

/** One conference on its way from what was applied to what is declared in the end. */
interface Course {
  readonly conference: ConferenceId;
  readonly edits: readonly Edit[];
  live: { mute: Value; tag: Value };
}

export const oracleOf = (workload: Workload): OracleRun => {
  let open = coursesOf(workload);
  const delays: Delay[] = [];
  let calls = 0;
  let nowMs = 0;
  let totalMs = 0;
  for (;;) {
    open = open.filter((course) => !isDone(course, nowMs));
    const course = nextAt(open, workload, nowMs);
    if (course === undefined) {
      const later = nextMomentMs(open, workload, nowMs);
      if (later === Infinity)
        return { calls, totalMs, delays: delays.filter(({ edit }) => isWatched(edit, workload)) };
      nowMs = later;
      continue;
    }
    delays.push(...carriedBy(course, nowMs));
    course.live = { mute: declaredAt(course, 'mute', nowMs), tag: declaredAt(course, 'tag', nowMs) };
    calls += 1;
    totalMs = nowMs;
    nowMs = freeAtMs(workload.limit, nowMs);
  }
};

const coursesOf = (workload: Workload): readonly Course[] => {
  const all = new Map<ConferenceId, Edit[]>();
  for (const edit of workload.edits) {
    const known = all.get(edit.conference);
    if (known === undefined) all.set(edit.conference, [edit]);
    else known.push(edit);
  }
  return [...all]
    .filter(([conference]) => !isHopeless(conference, workload))
    .map(([conference, edits]) => ({ conference, edits, live: { ...initial } }));
};

const nextAt = (open: readonly Course[], workload: Workload, nowMs: number): Course | undefined => {
  const able = open.filter(({ conference }) => !failsAt(conference, workload, nowMs));
  const audible = able.filter((course) => differs(course, 'mute', nowMs));
  const oldest = audible.toSorted((left, right) => mutedMs(left, nowMs) - mutedMs(right, nowMs))[0];
  return oldest ?? able.find((course) => lastEditMs(course) <= nowMs && differs(course, 'tag', nowMs));
};

/** When something may become possible that is not possible now; Infinity: never. */
const nextMomentMs = (open: readonly Course[], workload: Workload, nowMs: number): number =>
  Math.min(
    ...open
      .flatMap(({ conference, edits }) => [
        ...edits.map(({ atMs }) => atMs),
        workload.faults.get(conference)?.untilMs ?? 0,
      ])
      .filter((atMs) => atMs > nowMs),
  );

const isDone = (course: Course, nowMs: number): boolean =>
  lastEditMs(course) <= nowMs && !differs(course, 'mute', nowMs) && !differs(course, 'tag', nowMs);

const carriedBy = (course: Course, nowMs: number): readonly Delay[] =>
  (['mute', 'tag'] as const)
    .filter((setting) => differs(course, setting, nowMs))
    .flatMap((setting) => {
      const edit = latest(course, setting, nowMs);
      return edit === undefined ? [] : [{ edit, delayMs: nowMs - edit.atMs }];
    });

const differs = (course: Course, setting: Edit['setting'], nowMs: number): boolean =>
  declaredAt(course, setting, nowMs) !== course.live[setting];

const declaredAt = (course: Course, setting: Edit['setting'], nowMs: number): Value =>
  latest(course, setting, nowMs)?.value ?? initial[setting];

const latest = ({ edits }: Course, setting: Edit['setting'], nowMs: number): Edit | undefined =>
  edits.findLast((edit) => edit.setting === setting && edit.atMs <= nowMs);

const mutedMs = (course: Course, nowMs: number): number => latest(course, 'mute', nowMs)?.atMs ?? 0;

const lastEditMs = ({ edits }: Course): number => edits.at(-1)?.atMs ?? 0;
