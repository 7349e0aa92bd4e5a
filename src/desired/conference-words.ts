/** What a manifest can say of a conference beside its settings. None of it is sent to the API. */
import * as t from 'io-ts';
import { Flag } from '../conference/settings.js';

export const ConferenceWords = t.partial(
  { name: t.string, protect: Flag, suspend: Flag, whenEmpty: Flag },
  'ConferenceWords',
);

export type ConferenceWord = keyof t.TypeOf<typeof ConferenceWords>;

export type ConferenceFlag = Exclude<ConferenceWord, 'name'>;

export const conferenceWordNames: readonly ConferenceWord[] = ['name', 'protect', 'suspend', 'whenEmpty'];
