/**
 * What the address for events ends with: a secret like a password, from the environment alone. Pure.
 *
 * It is never shown, not even where it is wrong. Several, separated by commas, are taken side by side: the new one
 * first, then the callback addresses, then the old one away.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Environment, Problems } from './config.js';

export const eventsVariable = 'HOLDFAST_EVENTS_SECRET';

/** Shorter ones could be guessed. */
const shortest = 16;

/** Characters that tell a secret from other text, and tell nobody the rest of it. */
const recognised = 12;

/** Empty: no events are taken. */
export const eventsSecrets = (env: Environment): E.Either<Problems, readonly string[]> => {
  const secrets = secretsIn(env);
  return secrets.every((secret) => secret.length >= shortest && urlSafe.test(secret))
    ? E.right(secrets)
    : E.left([howTo]);
};

/** Takes the secrets out of a text that is to be shown, wherever in it they stand, also where one is cut off. */
export const makeHideEvents = (env: Environment): ((text: string) => string) => {
  const heads = secretsIn(env)
    .filter(({ length }) => length >= shortest)
    .map((secret) => secret.slice(0, recognised).replace(/[^\w-]/g, '\\$&'));
  if (heads.length === 0) return (text) => text;
  const pattern = new RegExp(`(?:${heads.join('|')})[\\w-]*`, 'g');
  return (text) => text.replace(pattern, '***');
};

/** As they stand there, right or wrong. */
export const secretsIn = (env: Environment): readonly string[] => {
  const text = (env[eventsVariable] ?? '').trim();
  return text === '' ? [] : text.split(',').map((secret) => secret.trim());
};

const urlSafe = /^[\w-]+$/;

const howTo = `${eventsVariable}: each secret needs at least ${shortest} letters, digits, - or _, with a comma between two of them: make one with \`openssl rand -hex 32\``;
