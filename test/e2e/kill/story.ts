/**
 * What is declared, and since when: manifests that a seeded script edits while processes come and go. Every save
 * is whole, because `apply` takes a file at its word. Values of `tag`, `callbackUrl` and `callbackTimeout` are
 * never used twice but to revert, so that a call tells which declaration it comes from.
 */
import { join } from 'node:path';
import { manifest, save, type SettingsText } from '../daemon/manifests.js';
import type { Dice } from './dice.js';

export interface Version {
  readonly sinceMs: number;
  /** undefined: not declared. */
  readonly settings: SettingsText | undefined;
}

export interface Story {
  /** Makes one random edit and saves it. */
  readonly edit: () => void;
  readonly declared: () => ReadonlyMap<string, SettingsText>;
  /** Every version of a conference that was in force at this time or later, oldest first. */
  readonly inForceSince: (conference: string, atMs: number) => readonly Version[];
}

const files = 4;
const conferences = 14;
/** Safety refuses to complete more than 30 % of what is known at once. */
const mostCompletions = 3;
const fewestDeclared = 10;

const names = ['mute', 'hold', 'tag', 'callbackUrl', 'callbackTimeout', 'callbackHttpMethod'] as const;
type Name = (typeof names)[number];

export const makeStory = (directory: string, dice: Dice, now: () => number): Story => {
  const history = new Map<string, Version[]>();
  const ids = Array.from({ length: conferences }, (_, index) => `conf-${index + 1}`);
  const fileOf = (conference: string): number => ids.indexOf(conference) % files;
  let serial = 0;

  const current = (conference: string): SettingsText | undefined => history.get(conference)?.at(-1)?.settings;
  const declared = (): ReadonlyMap<string, SettingsText> =>
    new Map(
      ids.flatMap((conference) => {
        const settings = current(conference);
        return settings === undefined ? [] : [[conference, settings] as const];
      }),
    );
  const saveFile = (file: number): void => {
    const inFile = [...declared()].filter(([conference]) => fileOf(conference) === file);
    save(join(directory, `${file}.yaml`), manifest(Object.fromEntries(inFile)));
  };
  // Known to the story before it is on the disk: a call may come at once.
  const change = (changes: ReadonlyMap<string, SettingsText | undefined>): void => {
    for (const [conference, settings] of changes) {
      history.set(conference, [...(history.get(conference) ?? []), { sinceMs: now(), settings }]);
    }
    for (const file of new Set([...changes.keys()].map(fileOf))) saveFile(file);
  };

  const freshValue = (name: Name): string | number | boolean => {
    serial += 1;
    switch (name) {
      case 'mute':
      case 'hold':
        return dice.chance(0.5);
      case 'tag':
        return `t-${serial}`;
      case 'callbackUrl':
        return `http://127.0.0.1:9/c-${serial}`;
      case 'callbackTimeout':
        return serial;
      case 'callbackHttpMethod':
        return dice.pick(['GET', 'POST']);
    }
  };
  const fresh = (before: SettingsText, most: number): SettingsText => {
    const settings = { ...before };
    for (let count = dice.between(1, most); count > 0; count -= 1) {
      const name = dice.pick(names);
      settings[name] = freshValue(name);
    }
    return settings;
  };

  const open = (): readonly (readonly [string, SettingsText])[] =>
    [...declared()].filter(([, settings]) => settings['state'] === undefined);
  const completed = (): readonly string[] =>
    ids.filter((conference) =>
      history.get(conference)?.some(({ settings }) => settings?.['state'] !== undefined),
    );

  const edits: Readonly<Record<string, () => void>> = {
    change: () => {
      const one = dice.any(open());
      if (one !== undefined) change(new Map([[one[0], fresh(one[1], 3)]]));
    },
    changeMany: () => {
      change(
        new Map(
          open()
            .filter(() => dice.chance(0.7))
            .map(([conference, settings]) => [conference, fresh(settings, 2)]),
        ),
      );
    },
    revert: () => {
      const one = dice.any(open());
      const before = one === undefined ? undefined : history.get(one[0])?.at(-2)?.settings;
      if (one !== undefined && before !== undefined) change(new Map([[one[0], before]]));
    },
    removeSetting: () => {
      const one = dice.any(open());
      const name = one === undefined ? undefined : dice.any(Object.keys(one[1]));
      if (one === undefined || name === undefined) return;
      change(new Map([[one[0], Object.fromEntries(Object.entries(one[1]).filter(([key]) => key !== name))]]));
    },
    remove: () => {
      const all = [...declared().keys()];
      const one = dice.any(all);
      if (one !== undefined && all.length > fewestDeclared) change(new Map([[one, undefined]]));
    },
    bringBack: () => {
      const ended = new Set(completed());
      const one = dice.any(ids.filter((conference) => !declared().has(conference) && !ended.has(conference)));
      if (one !== undefined) change(new Map([[one, fresh({}, 4)]]));
    },
    complete: () => {
      const one = dice.any(open());
      if (one === undefined || completed().length >= mostCompletions) return;
      const { mute: _mute, hold: _hold, ...others } = one[1];
      change(new Map([[one[0], { ...others, state: 'completed' }]]));
    },
  };

  change(new Map(ids.slice(0, -2).map((conference) => [conference, fresh({}, 4)])));
  return {
    edit: () => {
      const kind = dice.pick([
        'change',
        'change',
        'changeMany',
        'changeMany',
        'revert',
        'removeSetting',
        'removeSetting',
        'remove',
        'bringBack',
        'bringBack',
        'complete',
      ]);
      edits[kind]?.();
    },
    declared,
    inForceSince: (conference, atMs) => {
      const versions = history.get(conference) ?? [];
      const known: readonly Version[] = [{ sinceMs: 0, settings: undefined }, ...versions];
      return known.filter((_, index) => (known[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) >= atMs);
    },
  };
};
