/** The account and its credentials, from the environment variables that the API's official SDKs name. */
import * as E from 'fp-ts/lib/Either.js';

/** Never printed, logged or stored. */
export interface Credentials {
  readonly token: string;
  readonly secret: string;
}

export interface Account {
  readonly userId: string;
  readonly credentials: Credentials;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Blanks around a value are dropped: a secret read from a file often ends with a line break. A user id from a
 * flag or a settings file is passed in as `BANDWIDTH_USER_ID`.
 *
 * Left: a message that names every variable that is missing or empty.
 */
export const accountFrom = (environment: Environment): E.Either<string, Account> => {
  const value = (name: string): string => environment[name]?.trim() ?? '';
  const missing = variables.filter((name) => value(name) === '');
  if (missing.length > 0) return E.left(missingMessage(missing));
  return E.right({
    userId: value('BANDWIDTH_USER_ID'),
    credentials: { token: value('BANDWIDTH_API_TOKEN'), secret: value('BANDWIDTH_API_SECRET') },
  });
};

const variables = ['BANDWIDTH_USER_ID', 'BANDWIDTH_API_TOKEN', 'BANDWIDTH_API_SECRET'] as const;

const missingMessage = (missing: readonly string[]): string => {
  const [last, ...others] = missing.toReversed();
  return others.length === 0
    ? `the environment variable ${last} is missing or empty`
    : `the environment variables ${others.toReversed().join(', ')} and ${last} are missing or empty`;
};
