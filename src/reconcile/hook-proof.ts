/**
 * Checks what a webhook claims, while its body passes by: the body itself is not kept.
 *
 * Every comparison takes as long for what is nearly right as for anything else.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as O from 'fp-ts/lib/Option.js';
import type { HookClaim } from './hook-claim.js';
import { makeIsSecret } from './is-secret.js';

/** A claim that holds. */
export interface HookProof {
  readonly claim: HookClaim;
  /** The same for the same body and the same claim; nobody without the secret can make another one. */
  readonly identity: string;
}

export interface HookCheck {
  readonly pass: (chunk: Uint8Array) => void;
  /** Once, after the last chunk. */
  readonly proofs: () => readonly HookProof[];
}

/** none: whatever the body is, no claim can hold. */
export const makeHookCheck = (
  secrets: readonly string[],
): ((claims: readonly HookClaim[]) => O.Option<HookCheck>) => {
  const isSecret = makeIsSecret(secrets);
  return (claims) => {
    const trials = claims.flatMap((claim) => trialsOf(claim, secrets, isSecret));
    if (trials.length === 0) return O.none;
    return O.some({
      pass: (chunk) => {
        for (const { hmac } of trials) hmac.update(chunk);
      },
      proofs: () => trials.flatMap(proofOf),
    });
  };
};

/** One claim and one secret. */
interface Trial {
  readonly claim: HookClaim;
  readonly hmac: ReturnType<typeof createHmac>;
}

const trialsOf = (
  claim: HookClaim,
  secrets: readonly string[],
  isSecret: (given: string) => boolean,
): readonly Trial[] => {
  if (claim._tag === 'Token') {
    if (!isSecret(claim.token)) return [];
    return [{ claim, hmac: createHmac('sha256', claim.token).update(`${claim.delivery}.`) }];
  }
  const keys = claim.key === 'decoded' ? secrets.flatMap(decodedKey) : secrets;
  return keys.map((key) => ({ claim, hmac: createHmac('sha256', key).update(claim.prefix) }));
};

const decodedKey = (secret: string): readonly Buffer[] =>
  secret.startsWith('whsec_') ? [Buffer.from(secret.slice('whsec_'.length), 'base64')] : [];

const proofOf = ({ claim, hmac }: Trial): readonly HookProof[] => {
  const own = hmac.digest();
  const holds =
    claim._tag === 'Token' ||
    claim.signatures
      .map((signature) => Buffer.from(signature, claim.encoding))
      .map((given) => given.length === own.length && timingSafeEqual(given, own))
      .includes(true);
  return holds ? [{ claim, identity: own.toString('hex') }] : [];
};
