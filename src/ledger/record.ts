/**
 * What the ledger knows of one conference.
 *
 * Each setting is in one of three conditions: *applied* with a value, *in doubt* (a call that may or may not
 * have been executed carried it), or *never applied* (absent). `state` is a setting like the others: applied
 * means that the conference has ended.
 *
 * Values are sealed (`conference/url.ts`): no password ever stands in the ledger.
 */
import type * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Revision } from '../conference/revision.js';
import type { Body, Setting, SettingValue } from '../conference/settings.js';
import type { Evidence } from '../catapult/answer.js';

export interface ConferenceRecord {
  readonly id: ConferenceId;
  readonly settings: Conditions;
  /** Never completed by holdfast until an apply with `protect: false`. */
  readonly protected: boolean;
  /** The last declaration; none: there never was one. For `status`, which must work without the manifests. */
  readonly declared: O.Option<DeclaredSnapshot>;
  /** The call that is under way, or was when the process ended. Its settings are in doubt until it has an outcome. */
  readonly intent: O.Option<Intent>;
  /** Why the last call did not settle the conference; none after a success. */
  readonly trouble: O.Option<Trouble>;
  readonly lastCall: O.Option<LastCall>;
  readonly presence: Presence;
  /** Since when it is declared, or not declared any more, the way it is; epoch ms. none: from before that was kept. */
  readonly declaredSinceMs: O.Option<number>;
  /** What the last GET showed; none: nobody looked, or it has ended. */
  readonly sighting: O.Option<Sighting>;
  /** When an event said that it has ended, which no GET has confirmed yet; epoch ms. */
  readonly endReportedAtMs: O.Option<number>;
}

/**
 * - `declared`: by the revision that is in force. - `removed`: not any more, and not released yet.
 * - `released`: let go of; only its protection is remembered.
 */
export type Presence = 'declared' | 'removed' | 'released';

export type Conditions = Readonly<Partial<Record<Setting, Condition>>>;

export type Condition =
  | { readonly _tag: 'Applied'; readonly value: SettingValue }
  /** `value` was sent; `before` is what had been applied before the first doubt. */
  | { readonly _tag: 'InDoubt'; readonly value: SettingValue; readonly before: O.Option<SettingValue> };

/** What was declared when the conference was last planned. */
export interface DeclaredSnapshot extends Revision {
  readonly at: Place;
  readonly name: O.Option<string>;
  readonly suspend: boolean;
  readonly whenEmpty: boolean;
  /** Sealed values; what was declared `null` is absent. */
  readonly settings: Body;
}

/** Durable before the request leaves. */
export interface Intent {
  /** Number of the call in the history. */
  readonly call: number;
  readonly body: Body;
  /** The conditions to return to when the call turns out not to have been executed. */
  readonly before: Conditions;
  readonly startedAtMs: number;
}

/** What a GET of a conference that has not ended showed beside the ledger. */
export interface Sighting {
  readonly atMs: number;
  /** How many people were in it; none: the answer did not tell. */
  readonly audience: O.Option<number>;
  readonly drift: Drift;
  /** When calls put drift right, oldest first, the last three; for as long as the declaration stays. */
  readonly healedAtMs: readonly number[];
}

/** The settings whose live value is not the one that was applied. */
export type Drift = Readonly<Partial<Record<Setting, Drifted>>>;

export interface Drifted {
  /** Sealed. none: not set, and there is no default. */
  readonly live: O.Option<SettingValue>;
  /** When a GET first showed it. */
  readonly sinceMs: number;
}

export interface Trouble {
  readonly kind: 'rejected' | 'missing' | 'failing' | 'blocked';
  readonly evidence: Evidence;
  /** What was declared when it happened: a rejected conference is tried again when this has changed. */
  readonly declared: string;
  /** Attempts since the last success. */
  readonly attempts: number;
  readonly sinceMs: number;
  /** Epoch ms; none: not before the declaration changes. */
  readonly nextAttemptAtMs: O.Option<number>;
}

export interface LastCall {
  readonly call: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly body: Body;
  readonly outcome: Outcome['_tag'];
  readonly status: O.Option<number>;
}

/** How a call ended, as far as the ledger is concerned. */
export type Outcome =
  | { readonly _tag: 'Applied' }
  /** Not executed: the settings return to the condition they had before the intent. */
  | { readonly _tag: 'NotExecuted' }
  /** May or may not have been executed. */
  | { readonly _tag: 'InDoubt' }
  /** The API says that the conference has ended. */
  | { readonly _tag: 'Ended' };

/** Tells one declaration of a conference from another, wherever it stands in a file. */
export const fingerprint = ({ settings, suspend, whenEmpty }: DeclaredSnapshot): string =>
  JSON.stringify({ settings, suspend, whenEmpty });
