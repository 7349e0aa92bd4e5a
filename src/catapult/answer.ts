/**
 * What an answer of the API means for the ledger and for what happens next. This union is the whole of what
 * the rest of holdfast knows about HTTP.
 */
import type * as O from 'fp-ts/lib/Option.js';

/** Why a call did not do what it should. The ledger rule stands beside each member. */
export type Failure =
  /** 400 and other 4xx: not executed, and will not be while the declaration stays. Unchanged. */
  | { readonly _tag: 'Rejected'; readonly evidence: Evidence }
  /** 401, 403 access, any other 404, redirects: the account, the endpoint or the credentials are wrong. Unchanged. */
  | { readonly _tag: 'Denied'; readonly evidence: Evidence }
  /** 403 `conference-error`, state completed: the conference has ended. */
  | { readonly _tag: 'Ended'; readonly evidence: Evidence }
  /** 404 `conference-not-found`. Unchanged. */
  | { readonly _tag: 'Missing'; readonly evidence: Evidence }
  /** 409: another update was in progress. Not executed, unchanged. */
  | { readonly _tag: 'Conflict'; readonly evidence: Evidence }
  /** 429, or 403 of category `limit`: not executed, unchanged. `resetAtMs` is epoch milliseconds of our clock. */
  | { readonly _tag: 'Limited'; readonly evidence: Evidence; readonly resetAtMs: O.Option<number> }
  /** 5xx, timeout, connection lost after sending: may or may not have been executed. In doubt. */
  | { readonly _tag: 'InDoubt'; readonly evidence: Evidence }
  /** Connection refused, DNS, TLS: the request never left. Unchanged. */
  | { readonly _tag: 'Unsent'; readonly evidence: Evidence };

/** What the API said, for people: no secret inside, bounded in length. */
export interface Evidence {
  /** none: there was no answer. */
  readonly status: O.Option<number>;
  /** The API's error code, such as `conference-not-found`. */
  readonly code: O.Option<string>;
  readonly message: string;
}
