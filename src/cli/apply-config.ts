/** The settings of `holdfast apply`. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { maskPasswords } from '../conference/url.js';
import type { Subject } from './apply-task.js';
import { reportFormats } from './choices.js';
import {
  commonConfig,
  formatConfig,
  switchConfig,
  together,
  type CommonConfig,
  type Layers,
} from './config.js';

export interface ApplyConfig {
  readonly common: CommonConfig;
  readonly format: 'text' | 'json';
  readonly full: boolean;
  readonly yes: boolean;
  readonly force: O.Option<string>;
}

export const applyConfig = (layers: Layers, subject: Subject): E.Either<readonly string[], ApplyConfig> => {
  const { force, yes } = layers.flags;
  return together({
    common: E.map((common: CommonConfig) => ({
      ...common,
      // Whoever gives a reason need not count people.
      maxAudience: force === undefined ? maxAudienceFor(common, subject) : O.none,
    }))(commonConfig(layers)),
    format: formatConfig(layers, reportFormats, 'text'),
    full: switchConfig(layers, 'full'),
    yes: E.right(yes === true),
    force:
      typeof force === 'string' && force.trim() === ''
        ? E.left(['--force: say why, such as --force "office closes for good": it is recorded'])
        : E.right(typeof force === 'string' ? O.some(maskPasswords(force.trim())) : O.none),
  });
};

/** A plan that was made with a limit keeps it where nothing else is said. */
const maxAudienceFor = ({ maxAudience }: CommonConfig, subject: Subject): O.Option<number> =>
  O.alt(() => (subject._tag === 'SavedPlan' ? O.fromNullable(subject.saved.maxAudience) : O.none))(
    maxAudience,
  );
