/** What a plan is compared with, where that is not the ledger alone: a sentence for people, an entry for scripts. */
import * as t from 'io-ts';
import type { Commit } from '../conference/revision.js';
import { maskPasswords } from '../conference/url.js';
import { count } from './duration.js';
import { commitJson, CommitJson, showCommit } from './revision.js';
import { quote, shorten } from './safe-text.js';

export type Compared =
  | { readonly _tag: 'Ledger' }
  /** Nothing was ever applied from here, as far as is known. `location`: where the ledger was looked for. */
  | { readonly _tag: 'NoState'; readonly location: string }
  | { readonly _tag: 'Base'; readonly base: ComparedBase };

export interface ComparedBase {
  /** As somebody named it. */
  readonly named: string;
  readonly commit: Commit;
  /** The commit is where the branch left the one that was named. */
  readonly isMergeBase: boolean;
  readonly lack: Lack;
}

/** What the base does not say: there the ledger is all that is known. */
export type Lack =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'NoDirectory' }
  | { readonly _tag: 'BrokenFiles'; readonly paths: readonly string[] };

/** One line, safe for a terminal, without a line break. Empty: there is nothing to say. */
export const comparedWords = (compared: Compared): string => {
  switch (compared._tag) {
    case 'Ledger':
      return '';
    case 'NoState':
      return `There is no state at ${shorten(maskPasswords(compared.location), 200)}, so everything declared counts as new.`;
    case 'Base':
      return `${baseWords(compared.base)}${lackWords(compared.base.lack)}`;
  }
};

export const BaseJson = t.type({ revision: t.string, named: t.string, commit: CommitJson });
export type BaseJson = t.TypeOf<typeof BaseJson>;

/** `base`, where there is one. */
export const baseEntry = (compared: Compared): { readonly base?: BaseJson } => {
  if (compared._tag !== 'Base') return {};
  const { named, commit } = compared.base;
  return { base: { revision: commit.sha, named: maskPasswords(named), commit: commitJson(commit) } };
};

const baseWords = ({ named, commit, isMergeBase }: ComparedBase): string => {
  const name = quote(maskPasswords(named), 80);
  return isMergeBase
    ? `Compared with ${showCommit(commit)}, where this branch left ${name}: what waits to be done there is left out.`
    : `Compared with ${name}, ${showCommit(commit)}: what waits to be done there is left out.`;
};

const lackWords = (lack: Lack): string => {
  switch (lack._tag) {
    case 'Nothing':
      return '';
    case 'NoDirectory':
      return ' It has no such directory, so everything is compared with what was applied.';
    case 'BrokenFiles': {
      const [first = ''] = lack.paths;
      const others = lack.paths.length - 1;
      const which = `${shorten(maskPasswords(first), 100)}${others > 0 ? ` and ${count(others, 'other file')}` : ''}`;
      return ` ${which} ${others > 0 ? 'are' : 'is'} broken there: what may stand in ${others > 0 ? 'them' : 'it'} is compared with what was applied.`;
    }
  }
};
