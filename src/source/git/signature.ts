/** Whether a commit is signed by somebody who may, from what git found out about it. Pure. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';

/** Left: why it does not count. */
export type Verdict = E.Either<string, void>;

/** Whether it is good, fingerprint, primary fingerprint, key, signer. */
export const signatureFormat = '--format=%G?%x00%GF%x00%GP%x00%GK%x00%GS';

/**
 * `allowedSigners`: the text of the file; none: git's own configuration decides. Lines for ssh are read by ssh-keygen
 * itself. Lines `gpg FINGERPRINT` say which keys of the keyring count. Without a file, all of them do.
 */
export const verdictOf = (output: string, allowedSigners: O.Option<string>): Verdict => {
  const [good = '', fingerprint = '', primary = '', key = ''] = output.replace(/\n$/, '').split('\0');
  switch (good) {
    case 'G':
    case 'U':
      return isSsh(fingerprint)
        ? sshVerdict(good, fingerprint)
        : keyVerdict([fingerprint, primary], allowedSigners);
    case 'X':
      return E.left(`the signature by ${key} has expired`);
    case 'Y':
      return E.left(`the key ${key} that signed it has expired`);
    case 'R':
      return E.left(`the key ${key} that signed it was revoked`);
    case 'B':
      return E.left(
        key === ''
          ? 'its signature cannot be verified: it is bad, or ssh-keygen is not installed'
          : `the signature by ${key} is bad`,
      );
    case 'E':
      return E.left(`the key ${key} that signed it is not known here: import it into the keyring of gpg`);
    default:
      return E.left(
        O.isSome(allowedSigners)
          ? 'it is not signed, or what verifies that is not installed (gpg, ssh-keygen)'
          : 'it is not signed, or by ssh and no --allowed-signers says by whom it may be',
      );
  }
};

const isSsh = (fingerprint: string): boolean => fingerprint.includes(':');

/** With ssh, `U` is a good signature by a key that nobody allowed. */
const sshVerdict = (good: 'G' | 'U', fingerprint: string): Verdict =>
  good === 'G'
    ? E.right(undefined)
    : E.left(`the key ${fingerprint} that signed it is not among the allowed signers`);

const keyVerdict = (fingerprints: readonly string[], allowedSigners: O.Option<string>): Verdict =>
  O.isNone(allowedSigners) || gpgKeysIn(allowedSigners.value).some((key) => fingerprints.includes(key))
    ? E.right(undefined)
    : E.left(
        `the key ${fingerprints[0] ?? ''} that signed it is not among the allowed signers: a line \`gpg FINGERPRINT\` would allow it`,
      );

/** Of 40 or 64 digits, in groups or not. What follows is for people, and may be letters that are digits, too. */
const gpgKeysIn = (text: string): readonly string[] =>
  [
    ...text.matchAll(
      /^[ \t]*gpg[ \t]+((?:[0-9A-F][ \t]*){63}[0-9A-F]|(?:[0-9A-F][ \t]*){39}[0-9A-F])(?![0-9A-Z])/gim,
    ),
  ].map(([, fingerprint = '']) => fingerprint.replace(/[ \t]/g, '').toUpperCase());
