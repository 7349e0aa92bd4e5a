import type { Body, Setting } from '../../src/conference/settings.js';

/** What a conference is really like. */
export interface Truth {
  ended: boolean;
  members: number;
  /** Requests that may still be executed. */
  onTheWay: number;
  settings: Body;
  /** What somebody else set last. */
  readonly elsewhere: Set<Setting>;
}
