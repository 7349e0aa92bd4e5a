/** What happens in one simulated run: made of a seed, and told as a list from which events can be left out. */
import type { Setting, SettingValue } from '../../src/conference/settings.js';
import type { ConferenceId } from '../../src/conference/id.js';
import type { Rate } from '../../src/ledger/store.js';
import type { OnRemove } from '../../src/plan/plan.js';
import type { DriftRules } from '../../src/reconcile/drift-watch.js';
import { conference } from '../plan/sides.js';
import { makeRandom, type Random } from './random.js';

export interface Scenario {
  readonly seed: number;
  readonly conferences: readonly ConferenceId[];
  /** What reconciles: a daemon, one apply after the other, or now this and now that. */
  readonly mode: 'watch' | 'apply' | 'both';
  readonly rate: Rate;
  /** What the API grants: as much as is asked for, or less. */
  readonly grantedRate: Rate;
  readonly onRemove: OnRemove;
  readonly maxComplete: number;
  /** No more people than this when a conference is completed or held; none: nobody asks. */
  readonly maxAudience: number | undefined;
  /** What the daemon does about what somebody else changes. */
  readonly drift: DriftRules;
  /** A process can be sure that another one is gone. */
  readonly sameMachine: boolean;
  readonly latencyMs: number;
  readonly commitMs: number;
  /** Events may come until then; afterwards all is well, and everything has to come to rest. */
  readonly chaosMs: number;
  readonly injections: readonly Injection[];
}

export type Injection =
  | { readonly _tag: 'Edit'; readonly atMs: number; readonly edit: Edit; readonly noticed: boolean }
  | { readonly _tag: 'Kill'; readonly atStep: number; readonly downMs: number }
  | { readonly _tag: 'PowerCut'; readonly atStep: number; readonly downMs: number }
  /** Asked to stop, as by SIGTERM. */
  | { readonly _tag: 'Stop'; readonly atStep: number; readonly downMs: number }
  /** The process stands still; another one is started meanwhile. */
  | { readonly _tag: 'Freeze'; readonly atStep: number; readonly forMs: number; readonly rivalMs: number }
  | { readonly _tag: 'ClockJump'; readonly atMs: number; readonly byMs: number }
  | { readonly _tag: 'Ends'; readonly atMs: number; readonly conference: ConferenceId }
  | {
      readonly _tag: 'Members';
      readonly atMs: number;
      readonly conference: ConferenceId;
      readonly count: number;
    }
  /** Somebody else sets it at the API. */
  | {
      readonly _tag: 'Elsewhere';
      readonly atMs: number;
      readonly conference: ConferenceId;
      readonly setting: Setting;
      readonly value: SettingValue;
    }
  /** The nth call of all. */
  | { readonly _tag: 'Answer'; readonly nth: number; readonly fate: Fate }
  /** The nth commit of all. */
  | { readonly _tag: 'Commit'; readonly nth: number; readonly fate: CommitFate }
  | {
      readonly _tag: 'Outage';
      readonly atMs: number;
      readonly forMs: number;
      readonly kind: 'unsent' | 'denied' | 'disk';
    };

/**
 * - `lost`: executed, the answer is lost. - `unheard`: not executed, and nobody knows. - `late`: the connection
 *   is lost, and the call executed a moment later. - `twice`: executed, and once more before the answer comes.
 * - `slow`: executed and answered, after seconds. - the rest: not executed, and the answer says so.
 */
export type Fate =
  | 'lost'
  | 'unheard'
  | 'late'
  | 'twice'
  | 'slow'
  | 'limited'
  | 'limited-silently'
  | 'conflict'
  | 'unsent'
  | 'rejected'
  | 'missing';

/**
 * - `fails`: nothing is kept. - `fails-in-vain`: it is reported as failed and found by the next process.
 * - `freezes`: the process stands still when it is on the disk, long enough for another one to take over.
 */
export type CommitFate = 'fails' | 'fails-in-vain' | 'slow' | 'freezes';

export type Edit =
  | {
      readonly _tag: 'Set';
      readonly conference: ConferenceId;
      readonly setting: Setting;
      readonly value: SettingValue | null;
    }
  | { readonly _tag: 'Unset'; readonly conference: ConferenceId; readonly setting: Setting }
  | { readonly _tag: 'Complete'; readonly conference: ConferenceId; readonly whenEmpty: boolean }
  | { readonly _tag: 'Remove'; readonly conference: ConferenceId }
  | {
      readonly _tag: 'Protect';
      readonly conference: ConferenceId;
      readonly protect: boolean | undefined;
    }
  | { readonly _tag: 'Suspend'; readonly conference: ConferenceId; readonly suspend: boolean }
  | { readonly _tag: 'Move'; readonly conference: ConferenceId; readonly file: FileName }
  | { readonly _tag: 'Break' | 'Repair' | 'Empty'; readonly file: FileName }
  | { readonly _tag: 'Vanish' | 'Return' | 'CompleteAll' };

export type FileName = 'a.yaml' | 'b.yaml';

const fates: readonly [Fate, ...Fate[]] = [
  'lost',
  'lost',
  'unheard',
  'unheard',
  'late',
  'late',
  'twice',
  'slow',
  'limited',
  'limited-silently',
  'conflict',
  'unsent',
  'rejected',
  'missing',
];

export const makeScenario = (seed: number): Scenario => {
  const random = makeRandom(seed);
  const rate = random.pick<Rate>([1, 1, 1, 5, 'unlimited']);
  const conferences = names.slice(0, random.integer(1, names.length));
  const chaosMs = random.integer(5, 60) * 1000;
  const others = makeRandom(seed ^ 0x5bd1e995);
  return {
    seed,
    conferences,
    mode: random.pick(['watch', 'watch', 'watch', 'apply', 'both']),
    rate,
    grantedRate: random.chance(0.2) ? 0.7 : rate,
    onRemove: random.pick(['release', 'release', 'reset', 'complete']),
    maxComplete: random.pick([5, 2, 1]),
    maxAudience: random.chance(0.2) ? random.integer(0, 3) : undefined,
    sameMachine: random.chance(0.6),
    latencyMs: random.pick([2, 40, 40, 400]),
    commitMs: random.pick([0.5, 4, 4, 60]),
    chaosMs,
    injections: [
      ...first(conferences, random),
      ...many(random.integer(0, 25), () => injection(conferences, chaosMs, random)),
      ...many(random.integer(0, 2), () => story(conferences, chaosMs, random)).flat(),
      ...elsewhere(conferences, chaosMs, others),
    ],
    drift: {
      mode: others.pick(['report', 'heal', 'heal', 'ignore']),
      everyMs: others.pick([minuteMs, 15 * minuteMs]),
    },
  };
};

const names: readonly ConferenceId[] = ['c1', 'c2', 'c3', 'c4', 'c5'].map((name) =>
  conference(`conf-${name}`),
);

const minuteMs = 60_000;

/** In one run of three somebody has a hand in it, in some of them again and again. */
const elsewhere = (
  conferences: readonly ConferenceId[],
  chaosMs: number,
  random: Random,
): readonly Injection[] =>
  many(random.chance(0.3) ? random.integer(1, 6) : 0, () => {
    const setting = random.pick<Setting>(['mute', 'mute', 'hold', 'tag', 'callbackTimeout']);
    return {
      _tag: 'Elsewhere',
      atMs: random.integer(0, chaosMs),
      conference: random.pick([conferences[0] ?? conference('conf-c1'), ...conferences]),
      setting,
      value: valueOf(setting, random),
    };
  });

/** Something is declared at the start. */
const first = (conferences: readonly ConferenceId[], random: Random): readonly Injection[] =>
  conferences.flatMap((one) =>
    many(random.integer(1, 3), () => ({
      _tag: 'Edit' as const,
      atMs: 0,
      edit: setOne(one, random),
      noticed: false,
    })),
  );

const injection = (conferences: readonly ConferenceId[], chaosMs: number, random: Random): Injection => {
  const atMs = random.integer(0, chaosMs);
  const one = conferences[random.integer(0, conferences.length - 1)] ?? conference('conf-c1');
  const kind = random.next();
  if (kind < 0.42) return { _tag: 'Edit', atMs, edit: edit(one, random), noticed: random.chance(0.9) };
  if (kind < 0.58) return { _tag: 'Answer', nth: random.integer(1, 30), fate: random.pick(fates) };
  if (kind < 0.68) return death(random);
  if (kind < 0.75) return { _tag: 'Members', atMs, conference: one, count: random.integer(0, 4) };
  if (kind < 0.8) return { _tag: 'Ends', atMs, conference: one };
  if (kind < 0.85) return { _tag: 'ClockJump', atMs, byMs: random.integer(-7_200, 7_200) * 1000 };
  if (kind < 0.93) {
    const fate = random.pick<CommitFate>(['fails', 'fails-in-vain', 'slow', 'freezes']);
    return { _tag: 'Commit', nth: random.integer(1, 60), fate };
  }
  const outage = random.pick<'unsent' | 'denied' | 'disk'>(['unsent', 'denied', 'disk']);
  return { _tag: 'Outage', atMs, forMs: random.integer(200, 20_000), kind: outage };
};

/** What goes together badly: rare in a random list, common in a bad night. */
const story = (
  conferences: readonly ConferenceId[],
  chaosMs: number,
  random: Random,
): readonly Injection[] => {
  const one = conferences[random.integer(0, conferences.length - 1)] ?? conference('conf-c1');
  const atMs = random.integer(0, chaosMs);
  const edits = (afterMs: number, ...all: readonly Edit[]): readonly Injection[] =>
    all.map((edit, index) => ({
      _tag: 'Edit',
      atMs: atMs + Math.round(afterMs * (index + random.next() / 2)),
      edit,
      noticed: true,
    }));
  const kind = random.next();
  // Somebody cannot make up their mind while answers get lost.
  if (kind < 0.4) {
    const setting = random.pick<'mute' | 'hold'>(['mute', 'hold']);
    const flaps = many(random.integer(2, 6), (): Edit => {
      const value = random.pick([true, false, undefined]);
      return value === undefined
        ? { _tag: 'Unset', conference: one, setting }
        : { _tag: 'Set', conference: one, setting, value };
    });
    const from = random.integer(1, 20);
    const fate = random.pick<Fate>(['lost', 'unheard', 'late']);
    return [
      ...edits(random.pick([30, 300, 1_200]), ...flaps),
      ...many(random.integer(1, 4), () => ({
        _tag: 'Answer' as const,
        nth: from + random.integer(0, 3),
        fate,
      })),
    ];
  }
  // Protected, removed, and brought back to be ended.
  if (kind < 0.55)
    return edits(
      random.pick([500, 4_000]),
      { _tag: 'Protect', conference: one, protect: true },
      { _tag: 'Remove', conference: one },
      { _tag: 'Complete', conference: one, whenEmpty: random.chance(0.3) },
    );
  // A checkout that takes its time, or a disk that is not mounted.
  if (kind < 0.8) {
    const file = random.pick(fileNames);
    return edits(
      random.pick([100, 2_500, 9_000]),
      random.pick<Edit>([{ _tag: 'Break', file }, { _tag: 'Vanish' }, { _tag: 'Remove', conference: one }]),
      random.pick<Edit>([{ _tag: 'Return' }, { _tag: 'Repair', file }]),
      setOne(one, random),
    );
  }
  // One death after the other.
  const first = random.integer(1, 300);
  return many(random.integer(2, 5), (): Injection => {
    const next = death(random);
    return 'atStep' in next ? { ...next, atStep: first + random.integer(0, 40) } : next;
  });
};

const death = (random: Random): Injection => {
  const atStep = random.integer(1, 400);
  const downMs = random.pick([0, 50, 200, 1_500, 9_000]);
  const kind = random.next();
  if (kind < 0.45) return { _tag: 'Kill', atStep, downMs };
  if (kind < 0.7) return { _tag: 'PowerCut', atStep, downMs };
  if (kind < 0.8) return { _tag: 'Stop', atStep, downMs };
  return { _tag: 'Freeze', atStep, forMs: random.integer(1, 40) * 1000, rivalMs: random.integer(0, 3_000) };
};

const edit = (one: ConferenceId, random: Random): Edit => {
  const kind = random.next();
  if (kind < 0.5) return setOne(one, random);
  if (kind < 0.62) return { _tag: 'Unset', conference: one, setting: random.pick(settable) };
  if (kind < 0.7) return { _tag: 'Complete', conference: one, whenEmpty: random.chance(0.4) };
  if (kind < 0.76) return { _tag: 'Remove', conference: one };
  if (kind < 0.8) return { _tag: 'Protect', conference: one, protect: random.pick([true, false, undefined]) };
  if (kind < 0.83) return { _tag: 'Suspend', conference: one, suspend: random.chance(0.5) };
  if (kind < 0.88) return { _tag: 'Move', conference: one, file: random.pick(fileNames) };
  if (kind < 0.97)
    return { _tag: random.pick(['Break', 'Repair', 'Repair', 'Empty']), file: random.pick(fileNames) };
  return { _tag: random.pick(['Vanish', 'Return', 'Return', 'CompleteAll']) };
};

export const fileNames: readonly [FileName, FileName] = ['a.yaml', 'b.yaml'];

/** `state` can be taken back, too. */
const settable: readonly [Setting, ...Setting[]] = [
  'state',
  'state',
  'hold',
  'mute',
  'mute',
  'tag',
  'callbackTimeout',
];

const setOne = (one: ConferenceId, random: Random): Edit => {
  const setting = random.pick<Setting>(['mute', 'mute', 'hold', 'tag', 'callbackTimeout', 'callbackUrl']);
  const value = random.chance(0.05) ? null : valueOf(setting, random);
  return { _tag: 'Set', conference: one, setting, value };
};

const valueOf = (setting: Setting, random: Random): SettingValue => {
  switch (setting) {
    case 'mute':
    case 'hold':
      return random.chance(0.5);
    case 'callbackTimeout':
      return random.pick([1_000, 2_000, 10_000]);
    case 'callbackUrl':
    case 'fallbackUrl':
      return random.pick(['https://a.example/x', 'https://user:secret@b.example/y']);
    case 'callbackHttpMethod':
      return random.pick(['GET', 'POST']);
    case 'state':
      return 'completed';
    case 'tag':
      return random.pick(['s', 't', 'u']);
  }
};

const many = <A>(times: number, make: () => A): readonly A[] => Array.from({ length: times }, make);
