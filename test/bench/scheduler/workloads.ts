/**
 * The workloads. Without faults, a scheduler that knows nothing of the future can reach the fewest calls that the
 * oracle needs, because nothing that has had its turn in the order of arrival is edited again: what is muted or
 * flaps while its tag waits is declared last, and is done with before its turn. A ratio above 1.00 is therefore
 * waste, and not bad luck.
 */
import * as E from 'fp-ts/lib/Either.js';
import { ConferenceId } from '../../../src/conference/id.js';
import { makeRandom } from '../../simulation/random.js';
import { initial, type Edit, type Fault, type Workload } from './workload.js';

export interface Scale {
  readonly perSecond: number;
  /** Conferences that get a new tag at once. */
  readonly size: number;
  readonly seed: number;
}

export const workloads = (scale: Scale): readonly Workload[] =>
  [bulkTagEdit, rollingMutes, flappingEdits, partialOutage, permanentFailures, limitLowered].map((make) =>
    make(scale),
  );

/** Turns from one mute, or healthy change, to the next. */
const spacing = 20;
export const bulkTagEdit = (scale: Scale): Workload => {
  const conferences = ids('tagged', scale.size);
  return {
    ...steady(scale),
    name: 'bulk tag edit',
    about: `${scale.size} conferences get a new tag at once`,
    conferences,
    edits: newTags(conferences),
  };
};

export const rollingMutes = (scale: Scale): Workload => {
  const tagged = ids('tagged', scale.size);
  const others = ids('other', scale.size / spacing);
  // The last of them: their tags still wait when they are muted.
  const late = tagged.slice(-others.length / 2).reverse();
  const muted = others.map((other, index) => (index % 2 === 0 ? other : (late.pop() ?? other)));
  return {
    ...steady(scale),
    name: 'rolling mutes',
    about: `while ${scale.size} tag edits wait, a mute every ${spacing} turns; every other one of a conference whose tag waits`,
    conferences: [...tagged, ...others],
    edits: inOrder([...newTags(tagged), ...mutes(scale, muted.slice(0, -2))]),
    watched: { _tag: 'LaneOne' },
  };
};

export const flappingEdits = (scale: Scale): Workload => {
  const random = makeRandom(scale.seed);
  const stable = ids('stable', scale.size * 0.7);
  const flapping = ids('tagged', scale.size * 0.3);
  const settledMs = (stable.length * 0.8 * 1000) / scale.perSecond;
  return {
    ...steady(scale),
    name: 'flapping edits',
    about: `${stable.length} tag edits, and ${flapping.length} more that go there and back while they wait; half of those end as they began`,
    conferences: [...stable, ...flapping],
    edits: inOrder([
      ...newTags([...stable, ...flapping]),
      ...flapping.flatMap((conference, index): readonly Edit[] => {
        // An odd number of flips ends where it began.
        const flips = 2 * random.integer(1, 3) - (index % 2);
        const times = Array.from({ length: flips }, () => Math.round(random.next() * settledMs));
        return times
          .sort((left, right) => left - right)
          .map((atMs, flip) => ({
            atMs: Math.max(1, atMs) + flip,
            conference,
            setting: 'tag',
            value: flip % 2 === 0 ? initial.tag : 'after',
          }));
      }),
    ]),
  };
};

const outageMs = 5 * 60_000;

export const partialOutage = (scale: Scale): Workload => {
  const tagged = ids('tagged', scale.size);
  const others = ids('other', scale.size / spacing);
  return {
    ...steady(scale),
    name: 'partial outage',
    about: `as the bulk edit, but 20 % of the conferences answer 503 for five minutes; a mute of a healthy one every ${spacing} turns`,
    conferences: [...tagged, ...others],
    edits: inOrder([...newTags(tagged), ...mutes(scale, others)]),
    faults: new Map(
      tagged
        .filter((_, index) => index % 5 === 0)
        .map((conference) => [conference, { kind: 'unavailable', untilMs: outageMs }]),
    ),
    watched: { _tag: 'LaneOne' },
  };
};

const permanentKinds: readonly Fault['kind'][] = ['unavailable', 'timeout', 'missing', 'rejected'];
const healthySeconds = 30 * 60;

export const permanentFailures = (scale: Scale): Workload => {
  const random = makeRandom(scale.seed);
  const failing = ids('failing', scale.size / 5);
  // By then each has failed: before, a healthy change waits for its turn among first attempts.
  const fromMs = failing.length * 1500;
  const count = Math.floor(healthySeconds / spacing);
  const healthy = ids('healthy', count);
  return {
    ...steady(scale),
    name: 'permanent failures',
    about: `${failing.length} conferences always fail (503, no answer, 404, 400); every ${spacing} s a healthy one changes, tag or mute`,
    conferences: [...failing, ...healthy],
    edits: inOrder([
      ...newTags(failing),
      ...healthy.map((conference, index): Edit => {
        const atMs = fromMs + (index + random.next()) * spacing * 1000;
        const change = index % 2 === 0 ? mutedNow : taggedNow;
        return { atMs, conference, ...change };
      }),
    ]),
    faults: new Map(
      failing.map((conference, index) => [
        conference,
        { kind: permanentKinds[index % permanentKinds.length] ?? 'unavailable', untilMs: Infinity },
      ]),
    ),
    watched: { _tag: 'Healthy', fromMs },
  };
};

export const limitLowered = (scale: Scale): Workload => {
  const { perSecond, size } = scale;
  const tagged = ids('tagged', size);
  const others = ids('other', size / spacing);
  const lowered = perSecond === 1 ? 0.5 : perSecond * 0.4;
  const wholeMs = (size * 1000) / perSecond;
  return {
    ...steady(scale),
    name: 'limit lowered',
    about: `as the rolling mutes, but the API grants ${lowered}/s instead of ${perSecond}/s from a fifth of the time, for three fifths of it`,
    conferences: [...tagged, ...others],
    edits: inOrder([...newTags(tagged), ...mutes(scale, others)]),
    limit: [
      { fromMs: 0, perSecond },
      { fromMs: wholeMs * 0.2, perSecond: lowered },
      { fromMs: wholeMs * 0.8, perSecond },
    ],
    watched: { _tag: 'LaneOne' },
  };
};

const steady = ({ perSecond }: Scale): Pick<Workload, 'perSecond' | 'limit' | 'faults' | 'watched'> => ({
  perSecond,
  limit: [{ fromMs: 0, perSecond }],
  faults: new Map(),
  watched: { _tag: 'Nothing' },
});

const taggedNow = { setting: 'tag', value: 'after' } as const;
const mutedNow = { setting: 'mute', value: true } as const;

const newTags = (conferences: readonly ConferenceId[]): readonly Edit[] =>
  conferences.map((conference) => ({ atMs: 0, conference, ...taggedNow }));

/** One after another, each at a random moment of its turns. */
const mutes = (scale: Scale, conferences: readonly ConferenceId[]): readonly Edit[] => {
  const random = makeRandom(scale.seed);
  return conferences.map((conference, index) => ({
    atMs: (1 + (index + random.next()) * spacing) * (1000 / scale.perSecond),
    conference,
    ...mutedNow,
  }));
};

const inOrder = (edits: readonly Edit[]): readonly Edit[] =>
  edits.toSorted((left, right) => left.atMs - right.atMs);

/** Ordered by name as by age. */
const ids = (prefix: string, count: number): readonly ConferenceId[] =>
  Array.from({ length: Math.round(count) }, (_, index) =>
    idOf(`${prefix}-${String(index).padStart(5, '0')}`),
  );

const idOf = (text: string): ConferenceId => {
  const decoded = ConferenceId.decode(text);
  if (E.isLeft(decoded)) throw new Error(`no conference id: ${text}`);
  return decoded.right;
};
