/**
 * A plan is a value: what has to happen so that the remote is what is declared. A preview renders it, apply
 * runs it, and nothing else decides. Making one costs no call and reads no clock, no network and no file.
 */
import type * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Revision } from '../conference/revision.js';
import type { Setting, SettingValue } from '../conference/settings.js';

export interface Plan extends Revision {
  /** One for each conference known to desired or ledger; ordered by lane, then id. */
  readonly changes: readonly Change[];
  /** Worth knowing, but no change. */
  readonly notes: readonly Remark[];
  /** What the safety checks refuse. Empty, or nothing goes out unless somebody forces it. */
  readonly refused: readonly Refusal[];
  readonly summary: Summary;
}

export type Change =
  | Update
  | Complete
  /** Removed from the declarations: forgotten without a call. */
  | {
      readonly _tag: 'Release';
      readonly conference: ConferenceId;
      readonly name: O.Option<string>;
      readonly at: O.Option<Place>;
    }
  | {
      readonly _tag: 'Suspended';
      readonly conference: ConferenceId;
      readonly name: O.Option<string>;
      readonly at: O.Option<Place>;
    }
  | {
      readonly _tag: 'Blocked';
      readonly conference: ConferenceId;
      readonly name: O.Option<string>;
      readonly reason: 'completed';
      readonly at: O.Option<Place>;
    }
  | {
      readonly _tag: 'None';
      readonly conference: ConferenceId;
      readonly name: O.Option<string>;
      /** Whether it was completed is in doubt and nothing is to be sent: one GET decides. */
      readonly read: boolean;
    };

export interface Update {
  readonly _tag: 'Update';
  readonly conference: ConferenceId;
  readonly name: O.Option<string>;
  readonly lane: 1 | 2;
  readonly settings: readonly SettingChange[];
  /** Where the conference stands; none: it is not declared any more. */
  readonly at: O.Option<Place>;
  /** Forget the conference once the call is applied: it is not declared any more. */
  readonly forget: boolean;
  readonly guard: Exclude<Guard, { _tag: 'WhenEmpty' }>;
}

export interface Complete {
  readonly _tag: 'Complete';
  readonly conference: ConferenceId;
  readonly name: O.Option<string>;
  readonly lane: 1;
  readonly settings: readonly SettingChange[];
  readonly at: O.Option<Place>;
  readonly forget: boolean;
  readonly guard: Guard;
}

/** What must be true of the people in a conference just before the call. It takes a GET to know. */
export type Guard =
  /** Nothing. */
  | { readonly _tag: 'Free' }
  /** `whenEmpty: true`: the last member has left. */
  | { readonly _tag: 'WhenEmpty' }
  /** `--max-audience`: no more people than this are in it. */
  | { readonly _tag: 'AtMost'; readonly audience: number };

export type SettingChange =
  | (SettingStep & {
      /** `from` is what was applied last (sealed); none: never applied. */
      readonly why: Exclude<Why, 'drift'>;
    })
  | (SettingStep & {
      /** `from` is what is live; none: not set. What was applied is what is declared: `to`. */
      readonly why: 'drift';
      /** When a GET first showed it, epoch ms; none: the ledger has not heard of it. */
      readonly sinceMs: O.Option<number>;
    });

export type Why = 'new' | 'changed' | 'removed' | 'in-doubt' | 'drift';

interface SettingStep {
  readonly setting: Setting;
  readonly from: O.Option<SettingValue>;
  readonly to: SettingValue;
  readonly at: O.Option<Place>;
}

export interface Remark {
  readonly conference: ConferenceId;
  readonly message: string;
  readonly at: O.Option<Place>;
}

export interface Refusal extends Remark {
  readonly rule: 'max-complete' | 'max-complete-share' | 'protected' | 'everything-removed';
}

export interface Summary {
  readonly update: number;
  readonly complete: number;
  readonly release: number;
  readonly none: number;
  readonly blocked: number;
  readonly suspended: number;
  readonly calls: number;
  /** Time the calls take at the configured rate, rounded up; 0 when unlimited. */
  readonly seconds: number;
}

/** What a removed conference means. */
export type OnRemove = 'release' | 'reset' | 'complete';

/** The changes that cost a call. */
export type Sendable = Update | Complete;
