/** What a callback of the API is good for. It is never trusted beyond the id: whoever knows the address can send one. */
import type { ConferenceId } from '../conference/id.js';

export type EventHint =
  /** It is said to have ended: nothing is sent to it before a GET has decided. */
  | { readonly _tag: 'Ended'; readonly conference: ConferenceId }
  /** People came or left: whoever waits for that looks again. */
  | { readonly _tag: 'Audience'; readonly conference: ConferenceId }
  /** Something happened to it: it is worth a look when nothing else is to be done. */
  | { readonly _tag: 'Changed'; readonly conference: ConferenceId };
