import type { Body } from '../../src/conference/settings.js';

/** What a conference is really like. */
export interface Truth {
  ended: boolean;
  members: number;
  /** Requests that may still be executed. */
  onTheWay: number;
  settings: Body;
}
