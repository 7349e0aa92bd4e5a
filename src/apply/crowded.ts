/**
 * The conferences that the last look held back because of the people in them. One is news when it is held back
 * for the first time as it is declared now; `forget` makes the next time news again.
 */
import type { ConferenceId } from '../conference/id.js';
import type { AudienceRefusal } from './dispatch-event.js';

export interface Crowded {
  /** True when it is news. */
  readonly add: (refusal: AudienceRefusal, declaration: string) => boolean;
  /** It may go, or is not wanted any more. */
  readonly forget: (conference: ConferenceId) => void;
  readonly has: (conference: ConferenceId) => boolean;
  readonly all: () => readonly AudienceRefusal[];
}

export const makeCrowded = (): Crowded => {
  const held = new Map<ConferenceId, { readonly refusal: AudienceRefusal; readonly declaration: string }>();
  return {
    add: (refusal, declaration) => {
      const isNews = held.get(refusal.conference)?.declaration !== declaration;
      held.set(refusal.conference, { refusal, declaration });
      return isNews;
    },
    forget: (conference) => {
      held.delete(conference);
    },
    has: (conference) => held.has(conference),
    all: () => [...held.values()].map(({ refusal }) => refusal),
  };
};
