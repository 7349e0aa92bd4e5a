/** What to say of a conference that is declared in two places, within a file or in two. */
import type { ConferenceId } from '../conference/id.js';
import { showPlace, type Place } from '../conference/place.js';

export const duplicateWords = (
  id: ConferenceId,
  other: Place,
): { readonly message: string; readonly hint: string } => ({
  message: `the conference "${id}" is also declared at ${showPlace(other)}`,
  hint: 'keep one of the two',
});
