/** What manifests can declare, with every origin, and what a half-written manifest can lose of it. */
import fc from 'fast-check';
import type { ConferenceId } from '../../src/conference/id.js';
import type { Setting } from '../../src/conference/settings.js';
import {
  isDeclaredCompleted,
  type Declared,
  type DeclaredSetting,
  type DeclaredSettings,
  type Desired,
} from '../../src/desired/desired.js';
import { conferenceId, option, place } from './record.js';
import { bySetting, text, valueOf } from './settings.js';

const declaredSetting = (setting: Setting): fc.Arbitrary<DeclaredSetting> =>
  fc.record(
    {
      value: option(valueOf(setting)),
      at: place,
      // `state` cannot stand in `defaults`.
      origin:
        setting === 'state' ? fc.constantFrom('merged', 'own') : fc.constantFrom('default', 'merged', 'own'),
    },
    { noNullPrototype: true },
  );

const declaredSettings: fc.Arbitrary<DeclaredSettings> = bySetting(declaredSetting).map((entries) => {
  const settings: Partial<Record<Setting, DeclaredSetting>> = {};
  for (const [name, setting] of entries) settings[name] = setting;
  return settings;
});

export const declaredAs = (id: ConferenceId): fc.Arbitrary<Declared> =>
  fc
    .record(
      {
        id: fc.constant(id),
        at: place,
        name: option(text),
        protect: option(fc.boolean()),
        suspend: fc.boolean(),
        whenEmpty: fc.boolean(),
        settings: declaredSettings,
      },
      { noNullPrototype: true },
    )
    .map((declared) => ({
      ...declared,
      whenEmpty: declared.whenEmpty && isDeclaredCompleted(declared.settings),
    }));

const declared: fc.Arbitrary<Declared> = conferenceId.chain(declaredAs);

export const desired: fc.Arbitrary<Desired> = fc
  .uniqueArray(declared, { maxLength: 6, selector: ({ id }) => id })
  .map((all) => new Map(all.map((one) => [one.id, one])));
