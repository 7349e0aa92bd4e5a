/**
 * A callback of the API, read as a hint. Whoever knows the address can send one, so that nothing in it is trusted
 * beyond the id: the fields that say how many people are in a conference, or since when it has ended, are not even
 * looked at. Pure.
 *
 * Laws: no text makes it throw; two events of the same kind with the same id are the same hint, whatever else
 * stands in them.
 */
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { asRecord, field, parseRecord, type JsonRecord } from '../catapult/json-record.js';
import { ConferenceId } from '../conference/id.js';
import type { EventHint } from './event-hint.js';

/** none: no event of a conference. */
export const decodeEvent = (input: unknown): O.Option<EventHint> => pipe(asRecord(input), O.chain(hintIn));

/** The body of a POST. */
export const parseEvent = (text: string): O.Option<EventHint> => pipe(parseRecord(text), O.chain(hintIn));

/** The query of a GET. The API adds the fields behind what the address itself says: the last one counts. */
export const eventInQuery = (query: URLSearchParams): O.Option<EventHint> =>
  decodeEvent(Object.fromEntries(query));

const hintIn = (event: JsonRecord): O.Option<EventHint> =>
  pipe(
    field(event, 'conferenceId', ConferenceId),
    O.chain((conference) =>
      pipe(
        field(event, 'eventType', t.string),
        O.map((eventType): EventHint => ({ _tag: tagOf(eventType, event), conference })),
      ),
    ),
  );

const tagOf = (eventType: string, event: JsonRecord): EventHint['_tag'] => {
  if (eventType === 'conference-member') return 'Audience';
  return eventType === 'conference' && event['status'] === 'completed' ? 'Ended' : 'Changed';
};
