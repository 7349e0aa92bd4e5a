/** Who may sign, from what git found out. The same with real keys: signed.test.ts. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../src/source/git/signature.js';

const gpg = '0123456789ABCDEF0123456789ABCDEF01234567';
const other = 'F'.repeat(40);
const ssh = 'SHA256:GCjpIAVxMpLhRtuCUpGKLIRhWBH0Jt1f33MEiV20Jrs';
const said = (good: string, fingerprint = '', primary = '', key = ''): string =>
  `${[good, fingerprint, primary, key, 'Ann'].join('\0')}\n`;

const isGood = (output: string, signers?: string): boolean =>
  E.isRight(verdictOf(output, O.fromNullable(signers)));

describe('verdictOf', () => {
  it.each([
    ['ssh, allowed', said('G', ssh), 'ann ssh-ed25519 AAAA', true],
    ['ssh, by a key nobody allowed', said('U', ssh), 'ann ssh-ed25519 AAAA', false],
    ['gpg in the keyring, without a file', said('G', gpg, gpg), undefined, true],
    ['gpg of unknown trust, without a file', said('U', gpg, gpg), undefined, true],
    ['gpg, by fingerprint', said('G', gpg, gpg), `gpg ${gpg}`, true],
    ['gpg, by the fingerprint of its primary key', said('U', other, gpg), `gpg ${gpg}`, true],
    [
      'gpg, in small letters and groups',
      said('G', gpg),
      `gpg ${gpg.toLowerCase().replace(/.{4}/g, '$& ')}`,
      true,
    ],
    ['gpg, with a name behind whose letters are digits', said('G', gpg), `gpg ${gpg} Ada`, true],
    ['gpg, with a comment behind', said('G', gpg), `# keys\n  gpg\t${gpg} # Ann`, true],
    ['gpg, another key', said('G', gpg, gpg), `gpg ${other}`, false],
    ['gpg, and the file names keys of ssh only', said('G', gpg, gpg), 'ann ssh-ed25519 AAAA', false],
    ['gpg, and the file is empty', said('G', gpg, gpg), '', false],
    ['gpg, and the line is a comment', said('G', gpg, gpg), `# gpg ${gpg}`, false],
    ['gpg, and the file has the short name of the key', said('G', gpg), `gpg ${gpg.slice(-16)}`, false],
    ['gpg, and the file has more digits', said('G', gpg), `gpg ${gpg}ab`, false],
    ['an expired signature', said('X', gpg, gpg, 'K'), `gpg ${gpg}`, false],
    ['an expired key', said('Y', gpg, gpg, 'K'), `gpg ${gpg}`, false],
    ['a revoked key', said('R', gpg, gpg, 'K'), `gpg ${gpg}`, false],
    ['a bad signature', said('B', gpg, gpg, 'K'), `gpg ${gpg}`, false],
    ['a key that is not here', said('E', '', '', 'K'), `gpg ${gpg}`, false],
    ['no signature', said('N'), undefined, false],
    ['nothing at all', '', undefined, false],
    ['a word that git may have one day', said('Z', gpg, gpg), `gpg ${gpg}`, false],
  ])('%s', (_, output, signers, good) => {
    expect(isGood(output, signers)).toBe(good);
  });
});
