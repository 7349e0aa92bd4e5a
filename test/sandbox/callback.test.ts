import { describe, expect, it } from 'vitest';
import * as O from 'fp-ts/lib/Option.js';
import { defaultAssumptions } from '../../src/catapult/assumptions.js';
import { execute } from '../../src/sandbox/world.js';
import {
  add,
  create,
  leave,
  nowMs,
  play,
  playToMember,
  run,
  update,
  updateMember,
  userUrl,
} from './model.js';

const hooks = { callbackUrl: 'http://hooks.test/events' };
const conferenceUri = `${userUrl}/conferences/conf-1`;
const time = '2013-07-12T15:22:47.655Z';

describe('events', () => {
  it('tells of the creation', () => {
    expect(run([create(hooks)]).events).toEqual([
      {
        eventType: 'conference',
        conferenceId: 'conf-1',
        conferenceUri,
        status: 'created',
        createdTime: time,
      },
    ]);
  });

  it('tells who joins, with the tag', () => {
    const { conference } = run([create({ ...hooks, tag: 'all-hands' })]);
    expect(run([add('m', { mute: true })], {}, conference).events).toEqual([
      {
        eventType: 'conference-member',
        activeMembers: 1,
        conferenceId: 'conf-1',
        callId: 'c-m',
        memberId: 'm',
        memberUri: `${conferenceUri}/members/m`,
        state: 'active',
        hold: false,
        mute: true,
        time,
        tag: 'all-hands',
      },
    ]);
  });

  it('tells who leaves, and that with the last one the conference ends', () => {
    const { conference } = run([create(hooks), add('m'), add('n')]);
    expect(run([leave('m'), leave('n')], {}, conference).events).toMatchObject([
      { eventType: 'conference-member', memberId: 'm', state: 'completed', activeMembers: 1 },
      { eventType: 'conference-member', memberId: 'n', state: 'completed', activeMembers: 0 },
      { eventType: 'conference', status: 'completed', createdTime: time, completedTime: time },
    ]);
  });

  it('tells of mute and hold of a member, once for both, and of nothing else', () => {
    const { conference } = run([create(hooks), add('m')]);
    const changes = [
      updateMember('m', { mute: true, hold: 'true' }),
      updateMember('m', { mute: true }),
      updateMember('m', { joinTone: true, leavingTone: true }),
      updateMember('m', {}),
    ];
    expect(run(changes, {}, conference).events).toMatchObject([
      { eventType: 'conference-member', mute: true, hold: true, state: 'active', activeMembers: 1 },
    ]);
  });

  it('says nothing of the conference that is muted, held, or tagged', () => {
    const { conference } = run([create(hooks), add('m')]);
    const changes = [
      update({ mute: true, hold: true }),
      update({ tag: 'x' }),
      update({ callbackTimeout: 5 }),
    ];
    expect(run(changes, {}, conference).events).toEqual([]);
  });

  it('tells of everybody who is sent home', () => {
    const { conference } = run([create(hooks), add('m'), add('n')]);
    expect(run([update({ state: 'completed' })], {}, conference).events).toMatchObject([
      { memberId: 'm', state: 'completed', activeMembers: 1 },
      { memberId: 'n', state: 'completed', activeMembers: 0 },
      { eventType: 'conference', status: 'completed' },
    ]);
  });

  it('tells of sound, with the tag of its request', () => {
    const { conference } = run([create({ ...hooks, tag: 'all-hands' })]);
    const sounds = [
      play({ sentence: 'hello', tag: 'greeting' }),
      play({ fileUrl: 'http://files.test/a.mp3' }),
    ];
    expect(run(sounds, {}, conference).events).toEqual([
      {
        eventType: 'conference-speak',
        conferenceId: 'conf-1',
        conferenceUri,
        status: 'started',
        time,
        tag: 'greeting',
      },
      {
        eventType: 'conference-speak',
        conferenceId: 'conf-1',
        conferenceUri,
        status: 'done',
        time,
        tag: 'greeting',
      },
      { eventType: 'conference-playback', conferenceId: 'conf-1', conferenceUri, status: 'started', time },
      { eventType: 'conference-playback', conferenceId: 'conf-1', conferenceUri, status: 'done', time },
    ]);
  });

  it('ends what loops when it is stopped, once', () => {
    const { conference } = run([create(hooks)]);
    const loop = play({ fileUrl: 'http://files.test/a.mp3', loopEnabled: true, tag: 'music' });
    const started = run([loop, play({ sentence: '' })], {}, conference);
    expect(started.events).toMatchObject([{ status: 'started' }]);
    const stopped = run([play({ fileUrl: '' }), play({ fileUrl: '' })], {}, started.conference);
    expect(stopped.events).toMatchObject([
      { eventType: 'conference-playback', status: 'done', tag: 'music' },
    ]);
  });

  it('keeps sound for one member to the call', () => {
    const { conference } = run([create(hooks), add('m')]);
    expect(run([playToMember('m', { sentence: 'hello' })], {}, conference).events).toEqual([]);
  });

  it('has nobody to tell without a callbackUrl', () => {
    expect(run([create(), add('m'), leave('m')]).events).toEqual([]);
    expect(run([create({ fallbackUrl: 'http://hooks.test' }), add('m')]).events).toEqual([]);
  });
});

describe('where a callback goes', () => {
  const targets = (body: object) => {
    const { conference } = run([create(hooks)]);
    const context = { assumptions: defaultAssumptions, nowMs, userUrl };
    const completed = update({ ...body, state: 'completed' });
    return execute(conference, completed, context).callbacks.map(({ target }) => target);
  };

  it('has the documented defaults', () => {
    expect(targets({})).toEqual([
      { url: hooks.callbackUrl, fallbackUrl: O.none, method: 'POST', timeoutMs: 10_000 },
    ]);
  });

  it('is what the same update says', () => {
    const body = {
      callbackUrl: 'http://other.test/a',
      fallbackUrl: 'http://other.test/b',
      callbackHttpMethod: 'GET',
      callbackTimeout: '250',
    };
    expect(targets(body)).toEqual([
      {
        url: 'http://other.test/a',
        fallbackUrl: O.some('http://other.test/b'),
        method: 'GET',
        timeoutMs: 250,
      },
    ]);
  });
});
