/** Who may call, and how often. A gate remembers who called and when; what it decides is in pure functions. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { badCredentials, rateLimited, type Refusal, userAccessDenied } from './refusal.js';
import { admit, type Endpoint, scopeOf } from './rate-limit.js';
import type { SandboxConfig } from './sandbox.js';

export interface Visitor {
  readonly authorization: O.Option<string>;
  readonly userId: string;
  readonly method: string;
  readonly endpoint: Endpoint;
}

export type Gate = (visitor: Visitor, nowMs: number) => E.Either<Refusal, void>;

export const makeGate = ({ assumptions, rate }: Pick<SandboxConfig, 'assumptions' | 'rate'>): Gate => {
  const owners = new Map<string, string>();
  const intervals = new Map<string, number>();

  const checkOwner = (token: string, userId: string): E.Either<Refusal, void> => {
    const owner = owners.get(token) ?? userId;
    owners.set(token, owner);
    if (owner === userId || assumptions.foreignUser === 'accept') return E.right(undefined);
    return E.left(userAccessDenied(assumptions.foreignUser === '401' ? 401 : 403, owner, userId));
  };

  const checkRate = ({ userId, endpoint, method }: Visitor, nowMs: number): E.Either<Refusal, void> => {
    const scope = scopeOf(userId, endpoint, method, assumptions.rateScope);
    const admission = admit(
      intervals.get(scope) ?? Number.NEGATIVE_INFINITY,
      nowMs,
      rate,
      assumptions.rateCounts,
    );
    intervals.set(scope, admission.intervalStartMs);
    return admission.allowed ? E.right(undefined) : E.left(rateLimited(admission.resetAtMs, assumptions));
  };

  return (visitor, nowMs) =>
    pipe(
      readToken(visitor.authorization),
      E.fromOption(badCredentials),
      E.chain((token) => checkOwner(token, visitor.userId)),
      E.chain(() => checkRate(visitor, nowMs)),
    );
};

/** The token of `Basic base64(token:secret)`. Any two words will do, but none. */
const readToken = (authorization: O.Option<string>): O.Option<string> =>
  pipe(
    authorization,
    O.chain((header) => O.fromNullable(/^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1])),
    O.map((encoded) => Buffer.from(encoded, 'base64').toString('utf8')),
    O.chain((pair) => O.fromNullable(/^([^:]+):./s.exec(pair)?.[1])),
  );
