import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { ConferenceId } from '../../src/conference/id.js';
import { decodeEvent, eventInQuery, parseEvent } from '../../src/reconcile/callback-event.js';

const conferenceId = 'conf-epztvv7s56cspvamqw7rwka';
const ended = { eventType: 'conference', status: 'completed' };
const member = { eventType: 'conference-member', state: 'completed', activeMembers: 0 };

const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['Ended', ended],
  ['Changed', { eventType: 'conference', status: 'created' }],
  ['Changed', { eventType: 'conference', status: ['completed'] }],
  ['Changed', { eventType: 'conference' }],
  ['Audience', member],
  ['Audience', { eventType: 'conference-member', state: 'active', mute: true, status: 'completed' }],
  ['Changed', { eventType: 'conference-playback', status: 'done' }],
  ['Changed', { eventType: 'conference-speak', status: 'completed' }],
  ['Changed', { eventType: 'something-new', status: 'completed' }],
];

describe('an event of the API', () => {
  it.each(cases)('is %s: %j', (_tag, event) => {
    const hint = O.some({ _tag, conference: conferenceId });
    expect(decodeEvent({ ...event, conferenceId })).toEqual(hint);
    expect(parseEvent(JSON.stringify({ conferenceId, ...event }))).toEqual(hint);
    expect(parseEvent(`\uFEFF ${JSON.stringify({ conferenceId, ...event }, null, 2)}\n`)).toEqual(hint);
  });

  it.each(cases)('sent by GET is %s as well: %j', (tag, event) => {
    const query = new URLSearchParams({ conferenceId });
    for (const [name, value] of Object.entries(event)) query.append(name, String(value));
    const expected = Array.isArray(event['status']) ? 'Ended' : tag;
    expect(eventInQuery(query)).toEqual(O.some({ _tag: expected, conference: conferenceId }));
  });

  it('counts before what the address itself says', () => {
    const query = new URLSearchParams('conferenceId=of-the-address&eventType=x');
    for (const [name, value] of Object.entries({ ...ended, conferenceId })) query.append(name, value);
    expect(eventInQuery(query)).toEqual(O.some({ _tag: 'Ended', conference: conferenceId }));
  });

  const anything = fc.dictionary(fc.string(), fc.jsonValue());

  test.prop([fc.constantFrom(...cases), anything])(
    'is its id and its kind, whatever else stands in it',
    ([_tag, event], more) => {
      const kept = 'status' in event ? {} : { status: undefined };
      expect(decodeEvent({ ...more, ...kept, ...event, conferenceId })).toEqual(
        O.some({ _tag, conference: conferenceId }),
      );
    },
  );
});

describe('what is no event', () => {
  it.each([
    '',
    'null',
    '[]',
    '"conference"',
    '{}',
    '{"eventType":"conference","status":"completed"}',
    '{"conferenceId":"conf-1"}',
    '{"conferenceId":"conf-1","eventType":null}',
    '{"conferenceId":"conf-1","eventType":["conference"]}',
    '{"conferenceId":1,"eventType":"conference"}',
    '{"conferenceId":"","eventType":"conference"}',
    '{"conferenceId":"../x","eventType":"conference"}',
    '{"conferenceId":"conf-1\\n","eventType":"conference"}',
    `{"conferenceId":"${'c'.repeat(129)}","eventType":"conference"}`,
    '{"ConferenceId":"conf-1","EventType":"conference"}',
    '{"__proto__":{"conferenceId":"conf-1","eventType":"conference"}}',
    '{"conferenceId":"conf-1","eventType":"conference"',
    'conferenceId=conf-1&eventType=conference',
    '['.repeat(60_000),
    `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`,
    `{"eventType":"conference","conferenceId":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  ])('%.80s', (text) => {
    expect(parseEvent(text)).toEqual(O.none);
  });

  const bytes = fc.uint8Array({ maxLength: 200 }).map((all) => new TextDecoder().decode(all));

  test.prop([fc.oneof(fc.string(), fc.json(), bytes)])('is never more than none', (text) => {
    expect([parseEvent(text), eventInQuery(new URLSearchParams(text))]).toEqual([O.none, O.none]);
  });

  const keys = fc.constantFrom('eventType', 'conferenceId', 'status', '__proto__', 'toString', 'x');
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('conference', 'conference-member', 'completed', 'conf-1', '../conf-1', ''),
  );

  test.prop([fc.dictionary(keys, values)])(
    'or else names a conference and a kind that are texts',
    (event) => {
      const hint = parseEvent(JSON.stringify(event));
      const isEvent = ConferenceId.is(event['conferenceId']) && typeof event['eventType'] === 'string';
      expect(O.isSome(hint)).toBe(isEvent);
      if (O.isSome(hint)) expect(hint.value.conference).toBe(event['conferenceId']);
    },
  );

  test.prop([fc.anything()])('nor does any other value throw', (value) => {
    expect(O.isNone(decodeEvent(value))).toBe(true);
  });
});
