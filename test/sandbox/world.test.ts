import { describe, expect, it } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { countActive, stateOf } from '../../src/sandbox/conference.js';
import type { Command } from '../../src/sandbox/world.js';
import {
  add,
  create,
  leave,
  message,
  play,
  playToMember,
  read,
  readMember,
  readMembers,
  run,
  said,
  update,
  updateMember,
  userUrl,
} from './model.js';

describe('state', () => {
  const paths: readonly (readonly [string, readonly Command[], string])[] = [
    ['nobody has joined', [create()], 'created'],
    ['settings alone do not start it', [create(), update({ mute: true })], 'created'],
    ['the first member starts it', [create(), add('m')], 'active'],
    ['one of two leaves', [create(), add('m'), add('n'), leave('m')], 'active'],
    ['the last one leaves', [create(), add('m'), add('n'), leave('m'), leave('n')], 'completed'],
    ['completed before anybody joined', [create(), update({ state: 'completed' })], 'completed'],
    ['completed with members', [create(), add('m'), update({ state: 'completed' })], 'completed'],
  ];

  it.each(paths)('%s', (_name, commands, state) => {
    expect(said(run([...commands, read]))).toMatchObject({ state });
  });

  it('counts who is there', () => {
    expect(said(run([create(), add('m'), add('n'), leave('m'), read]))).toMatchObject({ activeMembers: 1 });
  });

  it('completes whoever is left', () => {
    const members = said(run([create(), add('m'), update({ state: 'completed' }), readMembers]));
    expect(members).toMatchObject([{ id: 'm', state: 'completed', removedTime: '2013-07-12T15:22:47Z' }]);
  });
});

describe('what a GET shows', () => {
  it('has only what was set', () => {
    expect(said(run([create(), read]))).toEqual({
      id: 'conf-1',
      state: 'created',
      from: '+19703255647',
      createdTime: '2013-07-12T15:22:47Z',
      activeMembers: 0,
    });
  });

  it('has everything that was set, in its own type', () => {
    const settings = {
      hold: 'true',
      mute: 'false',
      callbackUrl: 'http://hooks.test/a',
      callbackHttpMethod: 'get',
      callbackTimeout: '2000',
      fallbackUrl: 'http://hooks.test/b',
      tag: 'all',
    };
    expect(said(run([create({ profile: 'passthru_digits' }), update(settings), read]))).toMatchObject({
      ...settings,
      hold: true,
      mute: false,
      callbackHttpMethod: 'GET',
      callbackTimeout: 2000,
      profile: 'passthru_digits',
    });
  });

  it('has the end once it has ended', () => {
    const ended = said(run([create(), update({ state: 'completed' }), read]));
    expect(ended).toMatchObject({ completedTime: '2013-07-12T15:22:47Z' });
  });

  it('shows a member', () => {
    expect(said(run([create(), add('m', { joinTone: 'true' }), readMember('m')]))).toEqual({
      id: 'm',
      state: 'active',
      addedTime: '2013-07-12T15:22:47Z',
      hold: false,
      mute: false,
      joinTone: true,
      leavingTone: false,
      call: `${userUrl}/calls/c-m`,
    });
  });

  it('keeps who has left in the list, in the order of joining', () => {
    const list = said(run([create(), add('m'), add('n'), leave('m'), readMembers]));
    expect(list).toMatchObject([
      { id: 'm', state: 'completed' },
      { id: 'n', state: 'active' },
    ]);
  });
});

describe('what answers', () => {
  it('names what was created', () => {
    expect(said(run([create()]))).toBe(`${userUrl}/conferences/conf-1`);
    expect(said(run([create(), add('m')]))).toBe(`${userUrl}/conferences/conf-1/members/m`);
  });

  it.each([{}, { mute: null, state: null }])('an empty update is harmless: %j', (body) => {
    const created = run([create({ tag: 'a' })]);
    const updated = run([update(body)], {}, created.conference);
    expect(said(updated)).toBe(200);
    expect(updated.conference).toEqual(created.conference);
  });

  it('sets the rest of a body that completes, too', () => {
    const body = { state: 'completed', tag: 'last', hold: true };
    expect(said(run([create(), update(body), read]))).toMatchObject(body);
  });

  it('takes twenty members, and a new one for each that left', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => add(`m${index}`));
    const full = run([create(), ...twenty, add('late')]);
    expect(said(full)).toBe('403 conference-max-members');
    expect(message(full)).toBe('The conference conf-1 reached the max number of members');
    expect(said(run([leave('m3'), add('late')], {}, full.conference))).toBe(
      `${userUrl}/conferences/conf-1/members/late`,
    );
  });

  it.each<readonly [string, Command, string]>([
    ['a conference', read, '404 conference-not-found'],
    ['a conference to update', update({ state: 'nonsense' }), '404 conference-not-found'],
    ['a conference to join', add('m'), '404 conference-not-found'],
  ])('misses %s', (_name, command, answer) => {
    const missed = run([command]);
    expect(said(missed)).toBe(answer);
    expect(message(missed)).toBe('The conference conf-1 could not be found');
    expect(O.isNone(missed.conference)).toBe(true);
  });

  it.each<readonly [string, Command]>([
    ['read', readMember('x')],
    ['update', leave('x')],
    ['play to', playToMember('x', { sentence: 'hello' })],
  ])('misses a member to %s', (_name, command) => {
    const missed = run([create(), command]);
    expect(said(missed)).toBe('404 conference-member-not-found');
    expect(message(missed)).toBe('The conference member x could not be found');
  });

  it('has no call for who has left', () => {
    const departed = run([create(), add('m'), add('n'), leave('m'), updateMember('m', { mute: true })]);
    expect(said(departed)).toBe('503 call-unavailable');
    expect(message(departed)).toBe(
      "The conference member m doesn't have a available call retry your operation later",
    );
  });
});

describe('a completed conference', () => {
  const ended = run([create(), add('m'), update({ state: 'completed' })]);

  it.each<readonly [string, Command]>([
    ['an update', update({ mute: true })],
    ['an update that says nothing', update({})],
    ['an update that could not be read', update({ state: 'nonsense' })],
    ['completing it again', update({ state: 'completed' })],
    ['a new member', add('n')],
    ['a change of a member', updateMember('m', { mute: true })],
    ['a change of nobody', updateMember('x', { mute: true })],
    ['sound', play({ sentence: 'hello' })],
    ['sound for a member', playToMember('m', { sentence: 'hello' })],
  ])('refuses %s', (_name, command) => {
    const refused = run([command], {}, ended.conference);
    expect(said(refused)).toBe('403 conference-error');
    expect(message(refused)).toBe('Unable to update conference conf-1. Invalid conference state completed');
  });

  it.each([read, readMember('m'), readMembers])('still answers $_tag', (command) => {
    expect(run([command], {}, ended.conference).answer._tag).toBe('Shown');
  });
});

const flags = fc.record(
  {
    hold: fc.constantFrom<unknown>(true, false, 'true', 'false', null),
    mute: fc.constantFrom<unknown>(true, false, 'true', 'false', null),
  },
  { requiredKeys: [] },
);

const settings = fc.record(
  {
    hold: fc.boolean(),
    mute: fc.boolean(),
    callbackUrl: fc.webUrl(),
    callbackHttpMethod: fc.constantFrom('GET', 'POST'),
    callbackTimeout: fc.integer({ min: 1, max: 10_000 }),
    fallbackUrl: fc.webUrl(),
    tag: fc.string(),
  },
  { requiredKeys: [] },
);

const memberId = fc.constantFrom('m', 'n', 'o');

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: settings.map(update) },
  fc.dictionary(fc.constantFrom('state', 'hold', 'mute', 'tag', 'other'), fc.jsonValue()).map(update),
  fc.constant(update({ state: 'completed' })),
  { weight: 3, arbitrary: fc.tuple(memberId, flags).map(([id, body]) => add(id, body)) },
  { weight: 2, arbitrary: fc.tuple(memberId, flags).map(([id, body]) => updateMember(id, body)) },
  { weight: 2, arbitrary: memberId.map(leave) },
  fc.boolean().map((loopEnabled) => play({ sentence: 'hello', loopEnabled })),
  fc.constantFrom(play({ fileUrl: '' }), read, readMembers),
);

// A member joins under a fresh id only, which is what the server gives out.
const history = fc
  .array(command, { maxLength: 25 })
  .map((commands) =>
    commands.filter(
      (one, index) =>
        one._tag !== 'AddMember' ||
        commands.findIndex((other) => other._tag === 'AddMember' && other.memberId === one.memberId) ===
          index,
    ),
  );

describe('laws', () => {
  test.prop([history, command])('what is completed stays exactly as it is', (before, next) => {
    const ended = run([create(), ...before, update({ state: 'completed' })]);
    const after = run([next], {}, ended.conference);
    expect(after.conference).toEqual(ended.conference);
    expect(after.events).toEqual([]);
  });

  test.prop([history, command])('what is refused changes nothing and tells nobody', (before, next) => {
    const found = run([create({ callbackUrl: 'http://hooks.test' }), ...before]);
    const after = run([next], {}, found.conference);
    fc.pre(after.answer._tag === 'Refused');
    expect(after.conference).toBe(found.conference);
    expect(after.events).toEqual([]);
  });

  test.prop([history, settings])('a GET after an update shows what was set', (before, body) => {
    const updated = run([create(), ...before, update(body)]);
    fc.pre(updated.answer._tag === 'Done');
    expect(said(run([read], {}, updated.conference))).toMatchObject(body);
  });

  test.prop([history, settings])('an update sent twice is an update sent once', (before, body) => {
    const once = run([create(), ...before, update(body)]);
    fc.pre(once.answer._tag === 'Done');
    const twice = run([update(body)], {}, once.conference);
    expect(twice.conference).toEqual(once.conference);
  });

  test.prop([history])('an active conference has an active member, a created one has none', (commands) => {
    const { conference } = run([create(), ...commands]);
    if (O.isNone(conference)) throw new Error('there is a conference');
    const state = stateOf(conference.value);
    if (state !== 'completed') expect(state === 'active').toBe(countActive(conference.value) > 0);
    else expect(countActive(conference.value)).toBe(0);
  });
});
