/**
 * What the address for events ends with: a secret like a password, from the environment alone. Pure.
 *
 * It is never shown, not even where it is wrong. Several, separated by commas, are taken side by side: the new one
 * first, then the callback addresses, then the old one away.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Environment, Problems } from './config.js';
import { listedIn, shortestSecret } from './secret-list.js';

export const eventsVariable = 'HOLDFAST_EVENTS_SECRET';

/** Empty: no events are taken. */
export const eventsSecrets = (env: Environment): E.Either<Problems, readonly string[]> => {
  const secrets = eventsSecretsIn(env);
  return secrets.every((secret) => secret.length >= shortestSecret && urlSafe.test(secret))
    ? E.right(secrets)
    : E.left([howTo]);
};

/** As they stand there, right or wrong. */
export const eventsSecretsIn = (env: Environment): readonly string[] => listedIn(env, eventsVariable);

const urlSafe = /^[\w-]+$/;

const howTo = `${eventsVariable}: each secret needs at least ${shortestSecret} letters, digits, - or _, with a comma between two of them: make one with \`openssl rand -hex 32\``;
