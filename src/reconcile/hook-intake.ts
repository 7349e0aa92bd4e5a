/**
 * Where a git server tells that somebody has pushed: `POST /hooks/git`.
 *
 * - All that a webhook can lead to is a fetch, which would be made soon anyway.
 * - Whoever does not prove to know the secret gets 401 and no reason. Without a claim the body is not even read.
 * - The same one does nothing a second time: it is recognised by what is signed, because anybody can write another
 *   delivery id above it. The button of GitHub that sends a delivery again is no exception: one that did not arrive is
 *   not known here, and about one that did there is nothing left to do.
 * - One that is about another branch, or no push, does nothing. What is signed but cannot be read leads to a fetch.
 * - The answer does not wait for the fetch.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import { Hono, type Context } from 'hono';
import { claimsIn, isAbout, type Header } from './hook-claim.js';
import { makeHookMemory } from './hook-memory.js';
import { makeHookCheck, type HookCheck, type HookProof } from './hook-proof.js';
import { wishIn } from './hook-wish.js';

export interface HookIntake {
  /** Any of them opens, so that one can be replaced by another. */
  readonly secrets: readonly string[];
  /** The one that is watched; none: not known, and every push may be one to it. */
  readonly branch: IO<O.Option<string>>;
  /** Returns at once and never throws. */
  readonly fetch: IO<void>;
  readonly count: (result: HookResult) => void;
  /** Epoch ms. */
  readonly now: IO<number>;
}

/**
 * - `taken`: a fetch was asked for. - `ping`: the sender has tried whether anybody is there.
 * - `ignored`: about another branch, or no push. - `replayed`: it was taken before.
 * - `forged`: nothing shows that the sender knows the secret. - `stale`: it was signed too long ago, or will be.
 * - `too_large`, `broken`: the body has no end within the limit, or none at all.
 */
export type HookResult =
  | 'taken'
  | 'ping'
  | 'ignored'
  | 'replayed'
  | 'forged'
  | 'stale'
  | 'too_large'
  | 'broken';

/** What GitHub sends at most. */
const largestBodyBytes = 25 * 1024 * 1024;

/** As far as a payload is read. The `ref` of a push with more than that is not looked for. */
const mostReadBytes = 1024 * 1024;

/** As Standard Webhooks has it: clocks differ. */
const toleranceMs = 5 * 60_000;

/** The routes below `/hooks`. */
export const hookRoutes = (intake: HookIntake): Hono => {
  const judge = makeJudge(intake);
  const app = new Hono();
  app.post('/git', async (context) => {
    const result = await judge(context);
    intake.count(result);
    if (result === 'taken') intake.fetch();
    const { status, text } = answers[result];
    return text === '' ? context.body(null, status) : context.text(`${text}\n`, status);
  });
  return app;
};

/** What the sender, and only a sender who knows the secret, is told. */
const answers = {
  taken: { status: 202, text: 'fetching' },
  ping: { status: 200, text: 'pong' },
  ignored: { status: 200, text: 'nothing to do: no push to the branch that is watched' },
  replayed: { status: 200, text: 'nothing to do: taken before' },
  forged: { status: 401, text: '' },
  stale: { status: 401, text: '' },
  too_large: { status: 413, text: '' },
  broken: { status: 400, text: '' },
} as const;

const makeJudge = ({ secrets, branch, now }: HookIntake): ((context: Context) => Promise<HookResult>) => {
  const checkFor = makeHookCheck(secrets);
  const isNew = makeHookMemory(now);
  return async ({ req }) => {
    const header: Header = (name) => req.header(name);
    const check = checkFor(claimsIn(header));
    if (O.isNone(check)) return 'forged';
    if (Number(header('content-length') ?? 0) > largestBodyBytes) return 'too_large';
    const body = await readPast(req.raw.body ?? [], check.value);
    if (body._tag === 'Unread') return body.result;
    const proofs = check.value.proofs().filter(({ claim }) => isAbout(claim, body.beginning));
    if (proofs.length === 0) return 'forged';
    if (!proofs.every(isFresh(now()))) return 'stale';
    switch (wishIn(header, body.beginning, branch())) {
      case 'ping':
        return 'ping';
      case 'nothing':
        return 'ignored';
      case 'fetch':
        return isNew(proofs.map(({ identity }) => identity)) ? 'taken' : 'replayed';
    }
  };
};

type Body =
  | { readonly _tag: 'Read'; readonly beginning: string }
  | { readonly _tag: 'Unread'; readonly result: 'too_large' | 'broken' };

const readPast = async (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  check: HookCheck,
): Promise<Body> => {
  const kept: Uint8Array[] = [];
  let readBytes = 0;
  try {
    for await (const chunk of chunks) {
      if (readBytes < mostReadBytes) kept.push(chunk.subarray(0, mostReadBytes - readBytes));
      readBytes += chunk.length;
      if (readBytes > largestBodyBytes) return { _tag: 'Unread', result: 'too_large' };
      check.pass(chunk);
    }
  } catch {
    // The sender is gone, or has announced another length.
    return { _tag: 'Unread', result: 'broken' };
  }
  return { _tag: 'Read', beginning: Buffer.concat(kept).toString('utf8') };
};

const isFresh =
  (nowMs: number) =>
  ({ claim }: HookProof): boolean =>
    claim._tag === 'Token' ||
    O.isNone(claim.signedAtMs) ||
    Math.abs(nowMs - claim.signedAtMs.value) <= toleranceMs;
