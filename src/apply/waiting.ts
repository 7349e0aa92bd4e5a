/** One conference that waits for a call. */
import type * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Lane } from '../plan/lane.js';
import type { Permit } from './permit.js';

export interface Waiting {
  readonly conference: ConferenceId;
  readonly lane: Lane;
  /** What is declared. */
  readonly declaration: string;
  /** Since when it waits: the oldest goes first. */
  readonly sinceMs: number;
  /** Calls made for it so far. */
  readonly attempts: number;
  /** Not before this moment. */
  readonly dueMs: number;
  /** How much of its waiting was waiting to try again. */
  readonly backedOffMs: number;
  /** 429s in a row. */
  readonly limits: number;
  /** Handed back without having been tried: it keeps its place. */
  readonly untried: boolean;
  /** `people`: a look found too many in it, and it is looked at again and again. */
  readonly awaits: 'turn' | 'people';
  /** A look at its audience permitted the call, which takes the next turn. */
  readonly permit: O.Option<Permit>;
}
