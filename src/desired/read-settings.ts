/** The settings among the fields of a conference or of `defaults`. */
import * as O from 'fp-ts/lib/Option.js';
import { settingNamed, settingNames, type Setting } from '../conference/settings.js';
import type { DeclaredSetting, DeclaredSettings, Origin } from './desired.js';
import type { Field } from './fields.js';
import type { Finding, Reading, Span } from './finding.js';
import { readSetting } from './read-value.js';
import type { SourceText } from './source-text.js';

export interface SettingRead {
  readonly key: Span;
  /** none: it stands there and could not be read, which has been reported. */
  readonly declared: O.Option<DeclaredSetting>;
}

export type SettingsRead = ReadonlyMap<Setting, SettingRead>;

export const readSettings = (
  fields: readonly Field[],
  source: SourceText,
  originOf: (field: Field) => Origin,
): Reading<SettingsRead> => {
  const settings = new Map<Setting, SettingRead>();
  const findings: Finding[] = [];
  for (const field of fields) {
    const name = settingNamed(field.name);
    if (name === undefined) continue;
    const { value, findings: more } = readSetting(name, field.value);
    if (more.length > 0) findings.push(...more);
    if (settings.has(name)) continue;
    const declared: O.Option<DeclaredSetting> =
      value._tag === 'Unread'
        ? O.none
        : O.some({
            value: value._tag === 'Null' ? O.none : O.some(value.value),
            at: source.placeAt(field.value.start),
            origin: originOf(field),
          });
    settings.set(name, { key: field.key, declared });
  }
  return { value: settings, findings };
};

/** What stands in a later one wins. */
export const together = (all: readonly SettingsRead[]): SettingsRead => {
  const [first = new Map(), ...others] = all.filter(({ size }) => size > 0);
  if (others.length === 0) return first;
  const settings = new Map(first);
  for (const other of others) other.forEach((setting, name) => settings.set(name, setting));
  return settings;
};

/** What could be read, in the order of `settingNames`. */
export const declaredSettings = (read: SettingsRead): DeclaredSettings => {
  const settings: Partial<Record<Setting, DeclaredSetting>> = {};
  for (const name of settingNames) {
    const declared = read.get(name)?.declared;
    if (declared !== undefined && O.isSome(declared)) settings[name] = declared.value;
  }
  return settings;
};
