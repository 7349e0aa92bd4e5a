/**
 * What the headers of a webhook claim: that whoever sent it knows the secret. Nothing is checked here. Pure.
 *
 * | sender | header | what it holds |
 * |---|---|---|
 * | GitHub, also Gitea and Forgejo | `X-Hub-Signature-256` | `sha256=` and the HMAC-SHA256 of the body, in hex |
 * | Gitea, Forgejo | `X-Gitea-Signature`, `X-Forgejo-Signature` | the same without `sha256=` |
 * | GitLab, secret token | `X-Gitlab-Token` | the secret itself |
 * | GitLab, signing token | `webhook-signature` | `v1,` and the HMAC of `id.timestamp.body`, in base64 |
 * | anybody | `X-Holdfast-Signature` | `sha256=` and the HMAC of `timestamp.body`, in hex |
 *
 * Sources: "Validating webhook deliveries" of GitHub; "Webhooks" of Gitea and Forgejo; "Webhooks" of GitLab, whose
 * signing tokens follow Standard Webhooks 1.0.0, where the key is what stands behind `whsec_`, decoded. Timestamps are
 * seconds.
 */
import * as O from 'fp-ts/lib/Option.js';

export type HookClaim =
  /** The secret itself. It signs nothing, so that `delivery` may have been made up. */
  | { readonly _tag: 'Token'; readonly token: string; readonly delivery: string }
  /** Any of `signatures` may be the right one. */
  | {
      readonly _tag: 'Signature';
      /** `decoded`: of a secret that begins with `whsec_`, and of no other. */
      readonly key: 'as-it-is' | 'decoded';
      /** What is signed before the body. */
      readonly prefix: string;
      readonly encoding: 'hex' | 'base64';
      readonly signatures: readonly string[];
      /** When it was signed, epoch ms; none: the sender does not say. */
      readonly signedAtMs: O.Option<number>;
    };

/** By a name in small letters; undefined where there is none. */
export type Header = (name: string) => string | undefined;

/** Empty: whoever sent it does not even claim to know a secret. */
export const claimsIn = (header: Header): readonly HookClaim[] => [
  ...tokenOf(header),
  ...bodySignature(header),
  ...standardSignature(header),
  ...ownSignature(header),
];

/**
 * False: it was made of another request. Who has seen `timestamp.body` signed could send all of that as a body,
 * without a time of its own; no git server sends a body that begins so.
 */
export const isAbout = (claim: HookClaim, body: string): boolean =>
  claim._tag === 'Token' || claim.prefix !== '' || !/^[0-9]+\./.test(body);

const tokenOf = (header: Header): readonly HookClaim[] => {
  const token = header('x-gitlab-token');
  return token === undefined
    ? []
    : [{ _tag: 'Token', token, delivery: header('idempotency-key') ?? header('x-gitlab-event-uuid') ?? '' }];
};

const bodySignature = (header: Header): readonly HookClaim[] => {
  const signatures = [
    ...hexIn(header('x-hub-signature-256'), 'sha256='),
    ...hexIn(header('x-gitea-signature'), ''),
    ...hexIn(header('x-forgejo-signature'), ''),
  ];
  return signatures.length === 0
    ? []
    : [
        {
          _tag: 'Signature',
          key: 'as-it-is',
          prefix: '',
          encoding: 'hex',
          signatures,
          signedAtMs: O.none,
        },
      ];
};

const standardSignature = (header: Header): readonly HookClaim[] => {
  const id = header('webhook-id') ?? '';
  const seconds = header('webhook-timestamp') ?? '';
  const signatures = (header('webhook-signature') ?? '')
    .split(' ')
    .flatMap((text) => /^v1,([A-Za-z0-9+/]{43}=)$/.exec(text)?.slice(1) ?? []);
  // A dot in the id would let a part of the body pass for the timestamp.
  return signatures.length === 0 || !/^[^.]+$/.test(id) || !timestamp.test(seconds)
    ? []
    : [
        {
          _tag: 'Signature',
          key: 'decoded',
          prefix: `${id}.${seconds}.`,
          encoding: 'base64',
          signatures,
          signedAtMs: O.some(Number(seconds) * 1000),
        },
      ];
};

const ownSignature = (header: Header): readonly HookClaim[] => {
  const seconds = header('x-holdfast-timestamp') ?? '';
  const signatures = hexIn(header('x-holdfast-signature'), 'sha256=');
  return signatures.length === 0 || !timestamp.test(seconds)
    ? []
    : [
        {
          _tag: 'Signature',
          key: 'as-it-is',
          prefix: `${seconds}.`,
          encoding: 'hex',
          signatures,
          signedAtMs: O.some(Number(seconds) * 1000),
        },
      ];
};

const hexIn = (text: string | undefined, prefix: string): readonly string[] => {
  if (text === undefined || !text.startsWith(prefix)) return [];
  const hex = text.slice(prefix.length);
  return /^[0-9a-f]{64}$/i.test(hex) ? [hex] : [];
};

const timestamp = /^[0-9]{1,11}$/;
