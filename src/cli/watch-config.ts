/** What `watch` is told. Pure. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { DriftRules } from '../reconcile/drift-watch.js';
import {
  commonConfig,
  driftConfig,
  durationFlag,
  isStateSaid,
  listenConfig,
  switchConfig,
  together,
  type CommonConfig,
  type Layers,
  type ListenAddress,
  type Problems,
} from './config.js';
import { eventsSecrets } from './events-secret.js';
import { hookSecrets } from './hook-secret.js';
import { gitConfig, type GitConfig } from './git-config.js';

export interface WatchConfig {
  readonly common: CommonConfig;
  readonly listen: O.Option<ListenAddress>;
  /** Empty: no events are taken. */
  readonly eventsSecrets: readonly string[];
  /** Empty: no webhooks are taken. */
  readonly hookSecrets: readonly string[];
  readonly sandbox: boolean;
  readonly drift: DriftRules;
  readonly stateIsSaid: boolean;
  /** none: a directory is watched. */
  readonly git: O.Option<GitConfig>;
}

export const watchConfig = (layers: Layers): E.Either<Problems, WatchConfig> =>
  together({
    common: commonConfig(layers),
    listen: listenConfig(layers),
    eventsSecrets: eventsSecrets(layers.env),
    hookSecrets: hookSecrets(layers.env),
    sandbox: switchConfig(layers, 'sandbox'),
    drift: together({
      mode: driftConfig(layers),
      everyMs: durationFlag(layers, 'driftEvery', { minMs: 1_000, maxMs: 7 * 24 * 60 * 60_000 }, '15m'),
    }),
    stateIsSaid: E.right<Problems, boolean>(isStateSaid(layers)),
    git: gitConfig(layers),
  });
