/** Which repository is watched, and which of its commits count. Pure. */
import { posix } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import { hideSecrets, quote } from '../desired/hide-secrets.js';
import {
  durationFlag,
  flagName,
  parsedFlag,
  switchConfig,
  together,
  type Layers,
  type Problems,
} from './config.js';

export interface GitConfig {
  /** As git takes it; may carry a password. */
  readonly url: string;
  /** none: the one that the repository names as its own. */
  readonly branch: O.Option<string>;
  /** Of the folder with the manifests, from the root; empty: the root itself. none: `desired`, or else the root. */
  readonly path: O.Option<string>;
  readonly pollMs: number;
  readonly requireSigned: boolean;
  readonly allowedSigners: O.Option<string>;
  readonly allowRewind: boolean;
}

/** none: no repository is named. */
export const gitConfig = (layers: Layers): E.Either<Problems, O.Option<GitConfig>> =>
  pipe(
    together({
      url: optionalText(layers, 'git', parseUrl),
      branch: optionalText(layers, 'branch', parseBranch),
      path: optionalText(layers, 'path', parsePath),
      pollMs: durationFlag(layers, 'poll', { minMs: 100, maxMs: 24 * 60 * 60_000 }, '10s'),
      requireSigned: switchConfig(layers, 'requireSigned'),
      allowedSigners: optionalText(layers, 'allowedSigners', (input) => E.right(input)),
      allowRewind: switchConfig(layers, 'allowRewind'),
    }),
    E.chain(({ url, ...rest }) =>
      O.isSome(url) ? withRepository({ url: url.value, ...rest }) : withoutRepository(layers),
    ),
  );

const withRepository = (config: GitConfig): E.Either<Problems, O.Option<GitConfig>> =>
  O.isSome(config.allowedSigners) && !config.requireSigned
    ? E.left(['--allowed-signers says who may sign, but nobody has to: write --require-signed as well'])
    : E.right(O.some(config));

const optionalText = (
  layers: Layers,
  key: string,
  parse: (input: string) => E.Either<string, string>,
): E.Either<Problems, O.Option<string>> =>
  parsedFlag<O.Option<string>>(layers, key, (input) => pipe(parse(input), E.map(O.some)), O.none);

/** A flag that changes nothing is a mistake: somebody thinks that it does. */
const withoutRepository = ({ flags }: Layers): E.Either<Problems, O.Option<never>> => {
  const idle = ['branch', 'path', 'poll', 'requireSigned', 'allowedSigners', 'allowRewind'].filter(
    (key) => flags[key] !== undefined,
  );
  return idle.length === 0
    ? E.right(O.none)
    : E.left(idle.map((key) => `${flagName(key)} says something about a repository: name it by --git URL`));
};

const parseUrl = (input: string): E.Either<string, string> =>
  input.startsWith('-') || input.includes('\n')
    ? E.left(`${quote(hideSecrets(input))} is no repository: write a URL or a path, as for \`git clone\``)
    : E.right(input);

const parseBranch = (input: string): E.Either<string, string> =>
  isBranchName(input.replace(/^refs\/heads\//, ''))
    ? E.right(input.replace(/^refs\/heads\//, ''))
    : E.left(`${quote(input)} is no branch: write its name, such as main`);

/** As `git check-ref-format` has it. */
const isBranchName = (name: string): boolean =>
  /^(?![-/.])(?!@$)(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)|[/.]$))[^\s\p{Cc}~^:?*[\\]+$/u.test(name);

const parsePath = (input: string): E.Either<string, string> => {
  const path = posix.normalize(input).replace(/\/+$/, '');
  if (path.startsWith('/') || path === '..' || path.startsWith('../') || /[\0\n]/.test(path))
    return E.left(`${quote(input)} is not in the repository: write a folder of it, such as desired`);
  return E.right(path === '.' ? '' : path);
};
