import { describe, expect, it } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import type { Live } from '../../src/catapult/catapult.js';
import { ConferenceId } from '../../src/conference/id.js';
import {
  bodyEntries,
  decodeSetting,
  defaults,
  toBody,
  type Body,
  settingNames,
} from '../../src/conference/settings.js';
import { maskPasswords } from '../../src/conference/url.js';
import type { Declared } from '../../src/desired/desired.js';
import { formatManifest } from '../../src/desired/format-manifest.js';
import { readManifest } from '../../src/desired/read-manifest.js';
import { manifestText, type LiveConference } from '../../src/render/manifest-text.js';
import { conferenceId } from '../arbitrary/record.js';
import { body, text } from '../arbitrary/settings.js';

const isSecret = (value: string): boolean => maskPasswords(value) !== value;

const live = (settings: Body, state: Live['state'] = 'active'): Live => ({
  state,
  activeMembers: O.none,
  settings,
});

/** What an API may answer: what can be declared, and values that have the right type and nothing else. */
const answered: fc.Arbitrary<Body> = fc.oneof(
  body,
  fc
    .record({ callbackTimeout: fc.nat(), callbackUrl: text, fallbackUrl: text, tag: text })
    .map((settings): Body => settings),
);

const conferences: fc.Arbitrary<readonly LiveConference[]> = fc.uniqueArray(
  fc
    .tuple(conferenceId, answered, fc.constantFrom('created', 'active', 'completed'))
    .map(([id, { state: _state, ...settings }, state]) => ({ id, live: live(settings, state) })),
  { selector: ({ id }) => id, maxLength: 5 },
);

const declaredIn = ({ settings }: Declared): Body =>
  toBody(
    settingNames.flatMap((name) => {
      const value = settings[name]?.value;
      return value === undefined || O.isNone(value) ? [] : [[name, value.value] as const];
    }),
  );

const declarable = (settings: Body): Body =>
  toBody(
    bodyEntries(settings).filter(
      ([name, value]) =>
        value !== defaults[name] &&
        decodeSetting(name, value)._tag === 'Right' &&
        !(typeof value === 'string' && isSecret(value)),
    ),
  );

describe('a manifest of what is live', () => {
  test.prop([conferences], { numRuns: 200 })(
    'is valid, formatted, and declares what can be declared of it',
    (found) => {
      const { text: manifest } = manifestText(found, isSecret);
      const file = readManifest('a.yaml', manifest);
      expect(file.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(formatManifest('a.yaml', manifest)).toEqual({ _tag: 'Formatted', text: manifest });
      const wanted = found.filter((one) => one.live.state !== 'completed');
      expect(file.declared.map((one) => [one.id, declaredIn(one)])).toEqual(
        wanted.map((one) => [one.id, declarable(one.live.settings)]),
      );
    },
  );

  test.prop([conferences])('shows no secret, and nothing that a terminal would act on', (found) => {
    const { text: manifest, remarks } = manifestText(found, isSecret);
    expect(maskPasswords(manifest)).toBe(manifest);
    expect(manifest.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    for (const remark of remarks) expect(manifest).toContain(`# ${remark}\n`);
  });

  it('reads as somebody would write it', () => {
    const settings: readonly (readonly [string, Body, Live['state']])[] = [
      ['conf-1', { mute: true, hold: false, callbackTimeout: 10_000, tag: 'all-hands' }, 'active'],
      ['conf-2', {}, 'created'],
      ['conf-3', { mute: true }, 'completed'],
      ['123', { callbackUrl: 'https://u:hunter2@a.example/', tag: '2025', callbackTimeout: 0 }, 'active'],
    ];
    const found = settings.map(([id, values, state]): LiveConference => {
      if (!ConferenceId.is(id)) throw new Error(id);
      return { id, live: live(values, state) };
    });
    const { text: manifest, remarks } = manifestText(found, isSecret);
    expect(manifest).toBe(`# As the API has it. What equals its defaults is left out.
# conf-3 has ended, and nothing of it can be changed any more: it is not declared.
conferences:
  conf-1:
    mute: true
    tag: all-hands
  conf-2: {}
  # The callbackUrl of 123 holds a password or another secret, and is not shown: declare it by hand.
  # The callbackTimeout of 123 is nothing that can be declared: it stays as it is.
  '123':
    tag: '2025'
`);
    expect(remarks).toHaveLength(3);
  });

  it('is valid when nothing is left to declare', () => {
    expect(manifestText([], isSecret).text).toMatch(/\nconferences: \{\}\n$/);
  });
});
