/**
 * Where the state is kept, as `--state` and `HOLDFAST_STATE` say it. A union of one member: a shared SQL
 * database would be the second.
 */
import * as E from 'fp-ts/lib/Either.js';
import { maskPasswords } from '../conference/url.js';

export interface StateLocation {
  readonly _tag: 'Sqlite';
  /** As written: relative paths are resolved where the file is opened. */
  readonly path: string;
}

/** `sqlite:PATH`. Left: a sentence for people, without any password. */
export const parseStateLocation = (text: string): E.Either<string, StateLocation> => {
  const path = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (path === undefined) return E.left(`${quote(text)} is no place for a state: write sqlite:PATH`);
  if (/^\/\/[^/]/.test(path)) return E.left(`${quote(text)} has a host: write sqlite:PATH or sqlite:///PATH`);
  if (path === ':memory:') return E.left(`${quote(text)} would not outlive the process: name a file`);
  if (path.includes('\0')) return E.left(`${quote(text)} is not a path`);
  return E.right({ _tag: 'Sqlite', path });
};

/** The text that `parseStateLocation` reads; safe to print. */
export const showStateLocation = ({ path }: StateLocation): string => maskPasswords(`sqlite:${path}`);

const quote = (text: string): string => JSON.stringify(maskPasswords(text));
