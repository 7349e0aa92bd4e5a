import * as t from 'io-ts';

/**
 * The id the API gave a conference. Ids come from manifests alone: the API has no list endpoint.
 *
 * The API's own ids are `conf-` and 23 characters of lower base32; the manifest accepts any token that is
 * safe in a URL path, so that an id of another shape is the API's to refuse and not ours.
 */
export const ConferenceId = t.brand(
  t.string,
  (text): text is t.Branded<string, ConferenceIdBrand> => conferenceIdPattern.test(text),
  'ConferenceId',
);

export type ConferenceId = t.TypeOf<typeof ConferenceId>;

export interface ConferenceIdBrand {
  readonly ConferenceId: unique symbol;
}

export const conferenceIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
