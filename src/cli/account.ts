/** Whom a run speaks for, and the client that speaks. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { maxUnderWay } from '../apply/account.js';
import { pipe } from 'fp-ts/lib/function.js';
import { makeCatapult, type CatapultClient } from '../catapult/client.js';
import { accountFrom, type Account } from '../catapult/credentials.js';
import type { Endpoint } from '../catapult/endpoint.js';
import type { CommonConfig, Environment } from './config.js';
import type { Context } from './context.js';
import { usage, type CommandError } from './exit.js';
import { secretsIn } from './given-secrets.js';

/** Left: names every variable that is missing. */
export const accountOf = (
  { userId }: Pick<CommonConfig, 'userId'>,
  env: Environment,
): E.Either<CommandError, Account> =>
  pipe(
    accountFrom(O.isSome(userId) ? { ...env, BANDWIDTH_USER_ID: userId.value } : env),
    E.mapLeft((message) => usage(message)),
  );

export const clientFor = (
  account: Account,
  endpoint: Endpoint,
  { clock, version, env }: Context,
): CatapultClient =>
  makeCatapult({
    ...account,
    endpoint,
    now: clock.now,
    userAgent: `holdfast/${version}`,
    maxSockets: maxUnderWay,
    hidden: secretsIn(env),
  });

/**
 * What a ledger is bound to. Every port of this machine is the same place: a sandbox gets another one at each
 * start, and is never the real API.
 */
export const accountName = ({ userId }: Pick<Account, 'userId'>, endpoint: Endpoint): string =>
  `${userId} at ${endpointName(endpoint)}`;

export const endpointName = (endpoint: Endpoint): string =>
  loopback.test(endpoint) ? 'this machine' : endpoint;

const loopback = /^https?:\/\/(localhost|127\.[0-9.]+|\[::1\])(:|\/|$)/;
