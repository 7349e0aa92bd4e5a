/**
 * What the git server signs its webhooks with: a secret like a password, from the environment alone. Pure.
 *
 * It is never shown, not even where it is wrong. Several are taken side by side: the new one here first, then at the
 * git server, then the old one away. One that begins with `whsec_` is the signing token of GitLab, and in base64.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Environment, Problems } from './config.js';
import { listedIn, shortestSecret } from './secret-list.js';

export const hookVariable = 'HOLDFAST_HOOK_SECRET';

/** Empty: no webhooks are taken. */
export const hookSecrets = (env: Environment): E.Either<Problems, readonly string[]> => {
  const secrets = hookSecretsIn(env);
  return secrets.every(isGood) ? E.right(secrets) : E.left([howTo]);
};

/** As they stand there, right or wrong. */
export const hookSecretsIn = (env: Environment): readonly string[] => listedIn(env, hookVariable);

const isGood = (secret: string): boolean => {
  const own = secret.replace(/^whsec_/, '');
  const signs = own === secret ? /^[ -~]+$/ : /^[A-Za-z0-9+/]+={0,2}$/;
  return own.length >= shortestSecret && signs.test(own);
};

const howTo = `${hookVariable}: each secret needs at least ${shortestSecret} characters of ASCII, or is whsec_ and base64 as GitLab makes it, with a comma between two of them: make one with \`openssl rand -hex 32\``;
