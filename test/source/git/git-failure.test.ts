/** Words of git, as it wrote them: what people are told, and what is done about it. */
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import {
  failureOf,
  hideRemotes,
  isDamage,
  isMissingBranch,
  isMissingPath,
  otherObjectFormat,
} from '../../../src/source/git/git-failure.js';

const said = (stderr: string) => failureOf({ code: 128, stderr });

describe('failureOf', () => {
  it.each([
    ["fatal: couldn't find remote ref refs/heads/x\n", "couldn't find remote ref refs/heads/x"],
    [
      'ssh: Could not resolve hostname git.invalid: Name or service not known\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n',
      'ssh: Could not resolve hostname git.invalid: Name or service not known; Could not read from remote repository.',
    ],
    [
      'git@example.com: Permission denied (publickey).\r\nfatal: Could not read from remote repository.\n',
      'git@example.com: Permission denied (publickey).; Could not read from remote repository.',
    ],
    [
      'remote: Enumerating objects: 5, done.\rremote: Counting objects: 100% (5/5)\rReceiving objects:  40% (2/5)\rfatal: early EOF\nfatal: fetch-pack: invalid index-pack output\n',
      'early EOF; fetch-pack: invalid index-pack output',
    ],
    [
      'From /tmp/x\n * [new ref]   HEAD -> refs/holdfast/tip\nUnpacking objects: 100%\n',
      'git ended with 128',
    ],
    ['', 'git ended with 128'],
  ])('%j', (stderr, message) => {
    expect(said(stderr)).toEqual({ exitCode: O.some(128), message });
  });

  it.each([
    ['https://ghp_token@github.com/o/r.git', 'https://***@github.com/o/r.git'],
    ['https://ann:pw@example.com/r.git', 'https://***@example.com/r.git'],
    ['https://example.com/r.git?token=abc', 'https://example.com/r.git?***'],
    ["at 'https://a@b.example/x?t=1/': no", "at 'https://***@b.example/x?***': no"],
    ['git@example.com:o/r.git', 'git@example.com:o/r.git'],
    ['ssh://git@example.com/o/r.git', 'ssh://git@example.com/o/r.git'],
    ['/srv/r@2.git', '/srv/r@2.git'],
  ])('of %s shows %s', (url, shown) => {
    expect(hideRemotes(url)).toBe(shown);
  });

  it('hides what a URL carries', () => {
    const { message } = said(
      "fatal: unable to access 'https://ann:hunter2@git.example.com/x.git/': The requested URL returned error: 403",
    );
    expect(message).not.toContain('hunter2');
    expect(message).toContain('git.example.com');
  });

  it('is a line, and not too long a one', () => {
    const { message } = said(`fatal: ${'x'.repeat(9_000)}\nfatal: y\n`);
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).not.toContain('\n');
  });
});

describe('what is done about it', () => {
  it.each([
    ["fatal: couldn't find remote ref HEAD", 'branch'],
    ['fatal: Not a valid object name 1234:desired', 'path'],
    ['fatal: not a tree object', 'path'],
    ["fatal: not a git repository: '/x/state.db.git'", 'damage'],
    ['error: object file objects/22/a8 is empty', 'damage'],
    ['error: inflate: data stream error (incorrect header check)', 'damage'],
    ['fatal: bad object refs/holdfast/in-force', 'damage'],
    ['fatal: bad config line 1 in file /x/state.db.git/config', 'damage'],
    ['fatal: bad config line 1 in file /home/ann/.gitconfig', 'nothing'],
    ['fatal: bad config line 1 in file /home/ann/.config/git/config', 'nothing'],
    ["fatal: '/nowhere' does not appear to be a git repository", 'nothing'],
    ['fatal: unable to access: Could not resolve host: git.example.com', 'nothing'],
    ["fatal: could not read Username for 'https://x': terminal prompts disabled", 'nothing'],
    ['fatal: the remote end hung up unexpectedly', 'nothing'],
    ['fatal: write error: No space left on device', 'nothing'],
  ])('%s: %s', (stderr, what) => {
    const failure = said(stderr);
    expect({
      branch: isMissingBranch(failure),
      path: isMissingPath(failure),
      damage: isDamage(failure),
    }).toMatchObject(what === 'nothing' ? { branch: false, path: false, damage: false } : { [what]: true });
  });

  it('knows a repository of another kind', () => {
    expect(otherObjectFormat(said('fatal: mismatched algorithms: client sha1; server sha256'))).toEqual(
      O.some('sha256'),
    );
    expect(otherObjectFormat(said('fatal: early EOF'))).toEqual(O.none);
  });
});
