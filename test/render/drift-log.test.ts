/** What people and scripts read of drift. */
import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';
import type { DriftedSetting } from '../../src/plan/drifted.js';
import { driftLine } from '../../src/render/drift-log.js';
import { changeOf, conf, conferencePlace } from '../plan/sides.js';

const at = 'desired/a.yaml:2:3';
const mute: DriftedSetting = {
  setting: 'mute',
  declared: O.some(true),
  applied: true,
  live: O.some(false),
  sinceMs: 1_700_000_000_000,
  at: conferencePlace,
};
const since = '2023-11-14T22:13:20.000Z';

it('a setting', () => {
  expect(driftLine({ _tag: 'Drifted', conference: conf, drifted: mute })).toStrictEqual({
    level: 'warn',
    event: 'drift',
    message: `${at}: conf-1 has drifted: mute is false, applied was true`,
    fields: { conference: conf, setting: 'mute', declared: true, applied: true, live: false, since, at },
  });
});

it('a setting that nobody declares any more, and that is gone; no password is seen', () => {
  const drifted: DriftedSetting = {
    ...mute,
    setting: 'callbackUrl',
    declared: O.none,
    applied: 'https://u:s3same@a.example.com/',
    live: O.none,
  };
  const line = driftLine({ _tag: 'Drifted', conference: conf, drifted });
  expect(line.message).toBe(
    `${at}: conf-1 has drifted: callbackUrl is not set, applied was "https://u:***@a.example.com/", not declared any more`,
  );
  expect(line.fields).toStrictEqual({
    conference: conf,
    setting: 'callbackUrl',
    applied: 'https://u:***@a.example.com/',
    since,
    at,
  });
});

it('the end of it', () => {
  const over = driftLine({
    _tag: 'DriftOver',
    conference: conf,
    settings: ['mute', 'tag'],
    at: conferencePlace,
  });
  expect([over.event, over.message]).toStrictEqual([
    'drift-over',
    `${at}: conf-1 has not drifted any more: mute, tag`,
  ]);
  const settings = [changeOf('mute', false, true, 'drift')];
  const healed = driftLine({ _tag: 'Healed', conference: conf, settings, at: O.some(conferencePlace) });
  expect([healed.event, healed.message, healed.fields['settings']]).toStrictEqual([
    'healed',
    `${at}: conf-1 was set again after drift: mute`,
    ['mute'],
  ]);
  const ended = driftLine({ _tag: 'Ended', conference: conf, at: conferencePlace });
  expect(ended).toStrictEqual({
    level: 'info',
    event: 'ended',
    message: `${at}: conf-1 has ended by itself: nothing is sent to it any more`,
    fields: { conference: conf, at },
  });
});

it('a contest, however long a tag is', () => {
  const tag: DriftedSetting = { ...mute, setting: 'tag', applied: 'x'.repeat(5_000), live: O.some('y') };
  const contested = { conference: conf, drifted: [mute, tag], at: conferencePlace };
  const line = driftLine({ _tag: 'Contested', contested });
  expect([line.level, line.event]).toStrictEqual(['error', 'contested']);
  expect(line.message).toContain('mute (declared true, live false), tag (declared "xxx');
  expect(line.message.length).toBeLessThan(700);
  expect(line.fields['drift']).toMatchObject([
    { setting: 'mute', live: false },
    { setting: 'tag', live: 'y' },
  ]);
});
