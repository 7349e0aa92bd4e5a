/** What a command needs to know besides the conference, and what comes of an accepted one. */
import type { Assumptions } from '../catapult/assumptions.js';
import type { Callback } from './callback.js';
import type { Conference } from './conference.js';
import type { Refusal } from './refusal.js';

export interface Context {
  readonly assumptions: Assumptions;
  readonly nowMs: number;
  /** `http://127.0.0.1:4000/v1/users/u-1`, from which every URI in answers and callbacks is made. */
  readonly userUrl: string;
}

export type Answer =
  | { readonly _tag: 'Done' }
  | { readonly _tag: 'Created'; readonly url: string }
  | { readonly _tag: 'Shown'; readonly json: unknown }
  | { readonly _tag: 'Refused'; readonly refusal: Refusal };

/** What an accepted command leads to. */
export interface Step {
  readonly conference: Conference;
  readonly answer: Answer;
  /** In the order in which they have to arrive. */
  readonly callbacks: readonly Callback[];
}

/** Accepted, and nothing comes of it. */
export const unchanged = (conference: Conference): Step => ({
  conference,
  answer: { _tag: 'Done' },
  callbacks: [],
});
