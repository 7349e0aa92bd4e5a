/** What `holdfast plan` is asked to do, and what does not go together. Pure. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import { quote } from '../desired/hide-secrets.js';
import { planFormats } from './choices.js';
import {
  commonConfig,
  formatConfig,
  parsedFlag,
  switchConfig,
  together,
  type CommonConfig,
  type Layers,
} from './config.js';

export interface PlanConfig {
  readonly common: CommonConfig;
  readonly format: (typeof planFormats)[number];
  readonly detailedExitcode: boolean;
  readonly refresh: boolean;
  readonly full: boolean;
  readonly out: O.Option<string>;
  readonly base: O.Option<string>;
}

export const planConfig = (layers: Layers): E.Either<readonly string[], PlanConfig> => {
  const { out } = layers.flags;
  return pipe(
    together({
      common: commonConfig(layers),
      format: formatConfig(layers, planFormats, 'text'),
      detailedExitcode: switchConfig(layers, 'detailedExitcode'),
      refresh: switchConfig(layers, 'refresh'),
      full: switchConfig(layers, 'full'),
      out: E.right(typeof out === 'string' ? O.some(out) : O.none),
      base: parsedFlag<O.Option<string>>(
        layers,
        'base',
        (text) => pipe(parseBase(text), E.map(O.some)),
        O.none,
      ),
    }),
    E.chain(withoutContradiction),
  );
};

const withoutContradiction = (config: PlanConfig): E.Either<readonly string[], PlanConfig> => {
  const { base, out, refresh } = config;
  if (O.isNone(base)) return E.right(config);
  const problems = [
    ...(O.isSome(out)
      ? [
          '--base: what such a plan leaves out is to be done all the same, so it cannot be saved: leave out --out',
        ]
      : []),
    ...(refresh ? ['--base: nobody can read what would be live after the base: leave out --refresh'] : []),
  ];
  return problems.length === 0 ? E.right(config) : E.left(problems);
};

/** What git would take for a flag, or for more than one revision, is none. */
const parseBase = (input: string): E.Either<string, string> =>
  /^(?!-)[^\s\p{Cc}]+$/u.test(input) && !input.includes('..')
    ? E.right(input)
    : E.left(`${quote(input)} is no revision: write a branch, a tag or a commit, such as origin/main`);
