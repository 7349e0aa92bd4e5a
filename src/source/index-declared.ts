/**
 * What one file declares, as a line of the index: arrays instead of objects, because ten thousand of them are
 * read at once. Pure.
 *
 * Laws: `decodeDeclared(path, encodeDeclared(x))` is `x`, for all that `holdsNoSecret`; any other text gives none.
 */
import * as O from 'fp-ts/lib/Option.js';
import { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import { sealValue, settingNames, type Setting, type SettingValue } from '../conference/settings.js';
import type { Declared, DeclaredSetting, Origin } from '../desired/desired.js';

/** Nothing but what may be stored: no value changes when it is sealed. */
export const holdsNoSecret = (declared: readonly Declared[]): boolean =>
  declared.every(
    ({ name, settings }) =>
      isOpen(name) && settingNames.every((setting) => isOpen(settings[setting]?.value ?? O.none)),
  );

const isOpen = (value: O.Option<SettingValue>): boolean =>
  O.isNone(value) || sealValue(value.value) === value.value;

export const encodeDeclared = (declared: readonly Declared[]): string => JSON.stringify(declared.map(toRow));

const toRow = ({ id, at, name, protect, suspend, whenEmpty, settings }: Declared): readonly unknown[] => {
  const row: unknown[] = [
    id,
    at.line,
    at.column,
    O.isSome(name) ? name.value : null,
    O.isSome(protect) ? protect.value : null,
    suspend,
    whenEmpty,
  ];
  settingNames.forEach((setting, number) => {
    const found = settings[setting];
    if (found === undefined) return;
    const { value, at: place, origin } = found;
    row.push(number, O.isSome(value) ? value.value : null, place.line, place.column, origins.indexOf(origin));
  });
  return row;
};

/** `path`: as shown now. */
export const decodeDeclared = (path: string, line: string): O.Option<readonly Declared[]> => {
  const rows = parse(line);
  if (!Array.isArray(rows)) return O.none;
  const all: Declared[] = [];
  for (const row of rows) {
    const declared = Array.isArray(row) ? toDeclared(path, row) : undefined;
    if (declared === undefined) return O.none;
    all.push(declared);
  }
  return O.some(all);
};

export interface Marked {
  readonly mark: string;
  readonly id: ConferenceId;
}

/** The ids of a file, each behind its mark. What is no id is left out: nothing of it can be declared. */
export const decodeMarked = (line: string): readonly Marked[] =>
  line === ''
    ? []
    : line.split(' ').flatMap((word): readonly Marked[] => {
        const id = word.slice(1);
        return ConferenceId.is(id) ? [{ mark: word.slice(0, 1), id }] : [];
      });

export const encodeMarked = (marked: readonly Marked[]): string =>
  marked.map(({ mark, id }) => `${mark}${id}`).join(' ');

const origins: readonly Origin[] = ['default', 'merged', 'own'];

const headLength = 7;
const settingLength = 5;

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const toDeclared = (path: string, row: readonly unknown[]): Declared | undefined => {
  const [id, line, column, name, protect, suspend, whenEmpty] = row;
  const at = placeAt(path, line, column);
  if (!ConferenceId.is(id) || at === undefined) return undefined;
  if (typeof suspend !== 'boolean' || typeof whenEmpty !== 'boolean') return undefined;
  if (name !== null && typeof name !== 'string') return undefined;
  if (protect !== null && typeof protect !== 'boolean') return undefined;
  const settings = toSettings(path, row);
  return settings === undefined
    ? undefined
    : { id, at, name: O.fromNullable(name), protect: O.fromNullable(protect), suspend, whenEmpty, settings };
};

const toSettings = (path: string, row: readonly unknown[]): Declared['settings'] | undefined => {
  const settings: Partial<Record<Setting, DeclaredSetting>> = {};
  for (let start = headLength; start < row.length; start += settingLength) {
    const setting = at(settingNames, row[start]);
    const value = row[start + 1];
    const place = placeAt(path, row[start + 2], row[start + 3]);
    const origin = at(origins, row[start + 4]);
    if (setting === undefined || place === undefined || origin === undefined) return undefined;
    if (value !== null && !isValue(value)) return undefined;
    settings[setting] = { value: O.fromNullable(value), at: place, origin };
  }
  return settings;
};

const at = <A>(values: readonly A[], index: unknown): A | undefined =>
  typeof index === 'number' ? values[index] : undefined;

const isValue = (value: unknown): value is SettingValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const placeAt = (path: string, line: unknown, column: unknown): Place | undefined =>
  typeof line === 'number' && typeof column === 'number' ? { path, line, column } : undefined;
