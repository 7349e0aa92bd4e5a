/** The declarations as they stand in files, while somebody edits them; and what a look at the files sees. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../../src/conference/id.js';
import type { Setting, SettingValue } from '../../src/conference/settings.js';
import type { Declared } from '../../src/desired/desired.js';
import type { ManifestFile } from '../../src/desired/manifest.js';
import type { Observation } from '../../src/source/observation.js';
import { declare } from '../plan/sides.js';
import { fileNames, type Edit, type FileName } from './scenario.js';

export interface Tree {
  readonly change: (edit: Edit) => void;
  /** One file as it is now; absent while the directory is gone. */
  readonly read: (file: FileName) => O.Option<ManifestFile>;
  /** Everything as it should be again: nothing broken, nothing gone. */
  readonly mend: () => void;
  readonly observe: () => Observation;
  /** What would be declared if every file could be read, and since when the rest is not. */
  readonly view: () => View;
}

/** Keys are `conf-1` and `conf-1/mute`. */
export interface View {
  readonly atMs: number;
  readonly declared: ReadonlySet<string>;
  readonly lastDeclaredMs: ReadonlyMap<string, number>;
  readonly lastChangeMs: number;
}

interface File {
  broken: boolean;
  readonly declared: Map<ConferenceId, Declaration>;
}

interface Declaration {
  readonly values: Readonly<Partial<Record<Setting, SettingValue | null>>>;
  readonly protect: O.Option<boolean>;
  readonly suspend: boolean;
  readonly whenEmpty: boolean;
}

export const makeTree = (elapsedMs: () => number): Tree => {
  const files: Readonly<Record<FileName, File>> = {
    'a.yaml': { broken: false, declared: new Map() },
    'b.yaml': { broken: false, declared: new Map() },
  };
  let vanished = false;
  let lastChangeMs = 0;
  const lastDeclaredMs = new Map<string, number>();

  const read = (name: FileName): O.Option<ManifestFile> =>
    vanished ? O.none : O.some(manifest(name, files[name]));

  const mend = (): void => {
    vanished = false;
    for (const name of fileNames) files[name].broken = false;
  };

  const change = (edit: Edit): void => {
    lastChangeMs = elapsedMs();
    for (const key of keysIn(files)) lastDeclaredMs.set(key, lastChangeMs);
    edited(edit);
  };

  const edited = (edit: Edit): void => {
    switch (edit._tag) {
      case 'Vanish':
        vanished = true;
        return;
      case 'Return':
        mend();
        return;
      case 'CompleteAll':
        for (const name of fileNames)
          for (const id of files[name].declared.keys()) changeOne(files, id, completed(false));
        return;
      case 'Break':
      case 'Repair':
        files[edit.file].broken = edit._tag === 'Break';
        return;
      case 'Empty':
        files[edit.file].declared.clear();
        return;
      case 'Remove':
        for (const name of fileNames) files[name].declared.delete(edit.conference);
        return;
      case 'Move':
        move(files, edit.conference, edit.file);
        return;
      case 'Set':
        changeOne(files, edit.conference, (one) => ({
          ...one,
          values: { ...one.values, [edit.setting]: edit.value },
        }));
        return;
      case 'Unset':
        changeOne(files, edit.conference, (one) => without(one, edit.setting));
        return;
      case 'Complete':
        changeOne(files, edit.conference, completed(edit.whenEmpty));
        return;
      case 'Protect':
        changeOne(files, edit.conference, (one) => ({ ...one, protect: O.fromNullable(edit.protect) }));
        return;
      case 'Suspend':
        changeOne(files, edit.conference, (one) => ({ ...one, suspend: edit.suspend }));
    }
  };

  return {
    change,
    read,
    mend,
    observe: () => observation(fileNames.map(read)),
    view: () => ({
      atMs: elapsedMs(),
      declared: keysIn(files),
      lastDeclaredMs: new Map(lastDeclaredMs),
      lastChangeMs,
    }),
  };
};

/** What a look saw that read each file at its own moment. */
export const observation = (files: readonly O.Option<ManifestFile>[]): Observation => {
  const found = files.flatMap((file) => (O.isSome(file) ? [file.value] : []));
  const complete = found.length === files.length;
  return {
    revision: `dir:${JSON.stringify(found.map(({ path, declared, problems, seen }) => [path, declared.map(words), problems.length, seen?.text]))}`,
    files: found,
    problems: complete
      ? []
      : [
          {
            at: { path: 'desired', line: 1, column: 1 },
            severity: 'error',
            rule: 'missing-directory',
            message: 'gone',
            hint: '',
          },
        ],
    complete,
    commit: O.none,
    isFinal: false,
    obstacles: [],
  };
};

const keysIn = (files: Readonly<Record<FileName, File>>): ReadonlySet<string> =>
  new Set(
    fileNames.flatMap((name) =>
      [...files[name].declared].flatMap(([id, { values }]) => [
        id,
        ...Object.keys(values).map((setting) => `${id}/${setting}`),
      ]),
    ),
  );

const silent: Declaration = { values: {}, protect: O.none, suspend: false, whenEmpty: false };

const completed =
  (whenEmpty: boolean) =>
  (one: Declaration): Declaration => ({ ...one, values: { ...one.values, state: 'completed' }, whenEmpty });

const without = (one: Declaration, setting: Setting): Declaration => {
  const { [setting]: _gone, ...values } = one.values;
  return { ...one, values, whenEmpty: one.whenEmpty && setting !== 'state' };
};

const changeOne = (
  files: Readonly<Record<FileName, File>>,
  id: ConferenceId,
  change: (one: Declaration) => Declaration,
): void => {
  const home = fileNames.find((name) => files[name].declared.has(id)) ?? homeOf(id);
  files[home].declared.set(id, change(files[home].declared.get(id) ?? silent));
};

const move = (files: Readonly<Record<FileName, File>>, id: ConferenceId, to: FileName): void => {
  for (const name of fileNames) {
    const found = files[name].declared.get(id);
    if (found === undefined || name === to) continue;
    files[name].declared.delete(id);
    files[to].declared.set(id, found);
  }
};

const homeOf = (id: ConferenceId): FileName =>
  (id.codePointAt(id.length - 1) ?? 0) % 2 === 0 ? 'a.yaml' : 'b.yaml';

const manifest = (name: FileName, { broken, declared }: File): ManifestFile => {
  const path = `desired/${name}`;
  return broken
    ? {
        path,
        declared: [],
        problems: [
          {
            at: { path, line: 1, column: 1 },
            severity: 'error',
            rule: 'yaml-syntax',
            message: 'broken',
            hint: '',
          },
        ],
        seen: { text: [...declared.keys()].join(' '), ids: [] },
      }
    : { path, declared: [...declared].map(([id, one]) => toDeclared(path, id, one)), problems: [] };
};

const toDeclared = (path: string, id: ConferenceId, { values, ...words }: Declaration): Declared =>
  declare(values, { ...words, at: { path, line: 2, column: 3 } }, id);

const words = ({ id, settings, protect, suspend, whenEmpty }: Declared): unknown => [
  id,
  protect,
  suspend,
  whenEmpty,
  Object.entries(settings).map(([name, { value }]) => [name, value]),
];
