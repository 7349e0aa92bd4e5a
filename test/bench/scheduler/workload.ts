/** What happens to a scheduler: declarations that change, an API that is limited, and conferences that fail. */
import type { ConferenceId } from '../../../src/conference/id.js';
import type { Limit } from './limit.js';

export interface Workload {
  readonly name: string;
  /** One sentence for the table. */
  readonly about: string;
  /** Calls a second, as `--rate` says. */
  readonly perSecond: number;
  /** Each has been applied with the values in `initial`. */
  readonly conferences: readonly ConferenceId[];
  /** In order of time; those of one moment are one commit. */
  readonly edits: readonly Edit[];
  readonly limit: Limit;
  readonly faults: ReadonlyMap<ConferenceId, Fault>;
  /** Whose delay is measured. */
  readonly watched: Watched;
}

export interface Edit {
  readonly atMs: number;
  readonly conference: ConferenceId;
  readonly setting: Setting;
  readonly value: Value;
}

/** `mute` is lane 1, `tag` is lane 2. */
export type Setting = 'mute' | 'tag';
export type Value = boolean | string;
export type Values = Readonly<Record<Setting, Value>>;

export const initial: Values = { mute: false, tag: 'before' };

/** From the start until a moment, or for ever. What it refuses counts against the limit. */
export interface Fault {
  readonly kind: 'unavailable' | 'timeout' | 'missing' | 'rejected';
  readonly untilMs: number;
}

export type Watched =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'LaneOne' }
  /** Changes of conferences without a fault, once everything that fails has failed. */
  | { readonly _tag: 'Healthy'; readonly fromMs: number };

export const isWatched = (edit: Edit, { watched, faults }: Workload): boolean => {
  switch (watched._tag) {
    case 'Nothing':
      return false;
    case 'LaneOne':
      return edit.setting === 'mute';
    case 'Healthy':
      return !faults.has(edit.conference) && edit.atMs >= watched.fromMs;
  }
};

/** Nobody can make it as it is declared. */
export const isHopeless = (conference: ConferenceId, { faults }: Workload): boolean =>
  faults.get(conference)?.untilMs === Infinity;

export const failsAt = (conference: ConferenceId, { faults }: Workload, atMs: number): boolean =>
  atMs < (faults.get(conference)?.untilMs ?? 0);

/** How long an edit waited for the call that carried it. */
export interface Delay {
  readonly edit: Edit;
  /** From the edit to the departure of the call that was executed. */
  readonly delayMs: number;
}
