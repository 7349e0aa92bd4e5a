/** The secrets that the environment gives to those who may tell the daemon something. No output shows one. Pure. */
import type { Environment } from './config.js';
import { eventsSecretsIn } from './events-secret.js';
import { hookSecretsIn } from './hook-secret.js';
import { makeHide } from './secret-list.js';

/** As they stand there, right or wrong. */
export const secretsIn = (env: Environment): readonly string[] => [
  ...eventsSecretsIn(env),
  ...hookSecretsIn(env),
];

/** Takes them out of a text that is to be shown. */
export const makeHideGiven = (env: Environment): ((text: string) => string) => makeHide(secretsIn(env));
