import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { largestManifestBytes } from '../../src/desired/broken-file.js';
import { makeDirectorySource } from '../../src/source/directory.js';
import type { Observation } from '../../src/source/observation.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-directory-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const write = (relative: string, text: string | Uint8Array = 'conferences: {}\n'): void => {
  mkdirSync(dirname(join(root, relative)), { recursive: true });
  writeFileSync(join(root, relative), text);
};

const observe = (): Promise<Observation> => makeDirectorySource(root).observe();

const relativePaths = ({ files }: Observation): readonly string[] =>
  files.map(({ path }) => path.slice(root.length + 1));

/** `path: rule: message` of everything, relative to the root. */
const told = ({ files, problems }: Observation): readonly string[] =>
  [...files.flatMap((file) => file.problems), ...problems].map(
    ({ at, rule, message }) => `${at.path.slice(root.length + 1)}: ${rule}: ${message}`,
  );

/** As a user who is not root, whom no permission stops. */
const unprivileged = async <A>(run: () => Promise<A>): Promise<A> => {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return run();
  chmodSync(root, 0o755);
  seteuid(65_534);
  try {
    return await run();
  } finally {
    seteuid(0);
  }
};

describe('which files are manifests', () => {
  test('*.yaml and *.yml below the directory, sorted by path', async () => {
    for (const name of ['b.yaml', 'a/z.yml', 'a.yaml', 'a/b/c/d.yaml', 'a-b.yaml', 'x.yaml/y.yaml'])
      write(name);
    for (const name of ['a.YAML', 'b.json', 'yaml', 'c.yaml~', '.hidden.yaml', '.git/x.yaml', 'a/.x/y.yaml'])
      write(name);
    const observation = await observe();
    expect(relativePaths(observation)).toEqual([
      'a-b.yaml',
      'a.yaml',
      'a/b/c/d.yaml',
      'a/z.yml',
      'b.yaml',
      'x.yaml/y.yaml',
    ]);
    expect(observation).toMatchObject({ problems: [], complete: true });
  });

  test('an empty directory', async () => {
    const observation = await observe();
    expect(observation).toMatchObject({ files: [], problems: [], complete: true });
    expect(observation.revision).toMatch(/^dir:sha256:[0-9a-f]{64}$/);
  });

  test('links to files are followed, links to folders are not', async () => {
    write('elsewhere/.data/real', 'conferences: {a: {mute: true}}\n');
    write('elsewhere/.data/folder/x.yaml');
    symlinkSync(join(root, 'elsewhere/.data/real'), join(root, 'link.yaml'));
    symlinkSync(join(root, 'elsewhere/.data/folder'), join(root, 'folder'));
    symlinkSync(join(root, 'elsewhere/.data/folder'), join(root, 'folder.yaml'));
    symlinkSync(root, join(root, 'elsewhere/loop'));
    const observation = await observe();
    expect(relativePaths(observation)).toEqual(['link.yaml']);
    expect(observation.files[0]?.declared.map(({ id }) => id)).toEqual(['a']);
    expect(told(observation)).toEqual([]);
  });

  test('a ConfigMap volume, and its swap', async () => {
    write('..2024_1/a.yaml', 'conferences: {a: {mute: true}}\n');
    write('..2024_2/a.yaml', 'conferences: {b: {mute: true}}\n');
    symlinkSync('..2024_1', join(root, '..data'));
    symlinkSync('..data/a.yaml', join(root, 'a.yaml'));
    const source = makeDirectorySource(root, settled);
    const before = await source.observe();
    expect(relativePaths(before)).toEqual(['a.yaml']);
    expect(before.files[0]?.declared.map(({ id }) => id)).toEqual(['a']);
    symlinkSync('..2024_2', join(root, '..data_tmp'));
    renameSync(join(root, '..data_tmp'), join(root, '..data'));
    const after = await source.observe();
    expect(after.files[0]?.declared.map(({ id }) => id)).toEqual(['b']);
    expect(after.revision).not.toBe(before.revision);
  });
});

/** A clock by which everything in the directory is old, so that stamps are trusted. */
const settled = (): number => Date.now() + 60_000;

describe('the path people are shown', () => {
  test.each(['desired', './desired', 'desired/', 'desired//', '../desired'])('%s', async (given) => {
    const before = process.cwd();
    const directory = join(root, 'desired');
    write('desired/sub/a.yaml', 'conferences: {a: {mutee: 1}}\n');
    process.chdir(given.startsWith('..') ? directory : root);
    try {
      const { files } = await makeDirectorySource(given).observe();
      const expected = `${given.replace(/\/+$/, '')}/sub/a.yaml`;
      expect(files.map(({ path }) => path)).toEqual([expected]);
      expect(files[0]?.problems[0]?.at.path).toBe(expected);
    } finally {
      process.chdir(before);
    }
  });

  test('what could confuse a terminal is escaped', async () => {
    write('a\n\u001b[31m.yaml');
    expect(relativePaths(await observe())).toEqual(['a\\u000a\\u001b[31m.yaml']);
  });
});

describe('what cannot be read', () => {
  test('a pipe, a socket, a device and a link that leads nowhere', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    symlinkSync('/dev/null', join(root, 'device.yaml'));
    symlinkSync('nowhere', join(root, 'dangling.yaml'));
    symlinkSync('loop.yaml', join(root, 'loop.yaml'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'socket.yaml'), resolve));
    write('good.yaml', 'conferences: {a: }\n');
    const observation = await observe();
    await new Promise((resolve) => server.close(resolve));
    expect(told(observation)).toEqual([
      'dangling.yaml: unreadable-file: the file cannot be read: the symbolic link leads nowhere',
      'device.yaml: unreadable-file: the file cannot be read: it is a device',
      'loop.yaml: unreadable-file: the file cannot be read: the symbolic link leads back to itself',
      'pipe.yaml: unreadable-file: the file cannot be read: it is a pipe',
      'socket.yaml: unreadable-file: the file cannot be read: it is a socket',
    ]);
    expect(observation.complete).toBe(true);
    expect(observation.files.flatMap((file) => file.declared.map(({ id }) => id))).toEqual(['a']);
  });

  test('a file without permission', async () => {
    write('a.yaml');
    chmodSync(join(root, 'a.yaml'), 0o000);
    const observation = await unprivileged(observe);
    expect(told(observation)).toEqual([
      'a.yaml: unreadable-file: the file cannot be read: permission denied',
    ]);
    expect(observation.files[0]?.declared).toEqual([]);
  });

  test('a folder without permission: an absent file proves nothing', async () => {
    write('locked/a.yaml');
    write('b.yaml');
    chmodSync(join(root, 'locked'), 0o000);
    const observation = await unprivileged(observe);
    chmodSync(join(root, 'locked'), 0o755);
    expect(told(observation)).toEqual([
      'locked: unreadable-file: the folder cannot be read: permission denied',
    ]);
    expect(observation.complete).toBe(false);
    expect(relativePaths(observation)).toEqual(['b.yaml']);
    expect(observation.revision).not.toBe((await observe()).revision);
  });

  test('a name that is not UTF-8', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.yaml')]), '');
    const { files } = await observe();
    expect(files[0]?.problems[0]).toMatchObject({
      rule: 'unreadable-file',
      message: 'the file cannot be read: it vanished while it was read',
      hint: 'rename it: its name is not valid UTF-8',
    });
  });

  test('a file over 16 MiB is not read; it is once it is smaller', async () => {
    write('big.yaml');
    truncateSync(join(root, 'big.yaml'), largestManifestBytes + 1);
    const source = makeDirectorySource(root);
    expect(told(await source.observe())).toEqual([
      'big.yaml: file-too-large: the file is larger than 16 MiB and was not read',
    ]);
    write('big.yaml');
    expect(told(await source.observe())).toEqual([]);
  });

  test('bytes that are not UTF-8', async () => {
    write('a.yaml', Buffer.from([0x23, 0x0a, 0xff]));
    expect(told(await observe())).toEqual(['a.yaml: invalid-utf8: the byte 0xff is not valid UTF-8']);
  });
});

describe('the directory itself', () => {
  test.each<[string, () => string, string, string]>([
    ['missing', () => join(root, 'none'), 'there is no such directory', 'name the one with the manifests'],
    [
      'below a missing one',
      () => join(root, 'none/desired'),
      'there is no such directory',
      'name the one with the manifests',
    ],
    [
      'a file',
      () => (write('a.yaml'), join(root, 'a.yaml')),
      'this is no directory',
      'name the directory, not a file',
    ],
    [
      'a link that leads nowhere',
      () => (symlinkSync('none', join(root, 'l')), join(root, 'l')),
      'there is no such directory',
      'name the one with the manifests',
    ],
  ])('%s', async (_name, make, message, hint) => {
    const directory = make();
    const { files, problems, complete } = await makeDirectorySource(directory).observe();
    expect(files).toEqual([]);
    expect(complete).toBe(false);
    expect(problems).toEqual([
      {
        at: { path: directory, line: 1, column: 1 },
        severity: 'error',
        rule: 'missing-directory',
        message,
        hint,
      },
    ]);
  });

  test('a link to a directory', async () => {
    write('real/a.yaml');
    symlinkSync('real', join(root, 'link'));
    const { files } = await makeDirectorySource(join(root, 'link')).observe();
    expect(files.map(({ path }) => path)).toEqual([join(root, 'link/a.yaml')]);
  });

  test('it comes and goes', async () => {
    const directory = join(root, 'desired');
    const source = makeDirectorySource(directory);
    expect((await source.observe()).complete).toBe(false);
    write('desired/a.yaml');
    expect(await source.observe()).toMatchObject({ complete: true, problems: [] });
    rmSync(directory, { recursive: true });
    expect(await source.observe()).toMatchObject({ complete: false, files: [] });
  });
});

describe('looking again', () => {
  test.each([
    ['old stamps', settled],
    ['young stamps', Date.now],
  ])('with %s, only a file whose bytes changed is parsed again', async (_name, now) => {
    write('a.yaml', 'conferences: {a: {mute: true}}\n');
    write('b.yaml', 'conferences: {b: {mute: true}}\n');
    const source = makeDirectorySource(root, now);
    const before = await source.observe();
    const same = await source.observe();
    expect(same).toEqual(before);
    expect(same.files[0]).toBe(before.files[0]);
    write('a.yaml', 'conferences: {a: {hold: true}}\n');
    utimesSync(join(root, 'b.yaml'), 1, 1);
    const after = await source.observe();
    expect(Object.keys(after.files[0]?.declared[0]?.settings ?? {})).toEqual(['hold']);
    expect(after.files[1]).toBe(before.files[1]);
    expect(after.revision).not.toBe(before.revision);
  });

  test('a change that keeps size and modification time is seen', async () => {
    write('a.yaml', 'conferences: {a: {mute: true}}\n');
    utimesSync(join(root, 'a.yaml'), 1, 1);
    const source = makeDirectorySource(root, settled);
    const before = await source.observe();
    write('a.yaml', 'conferences: {a: {hold: true}}\n');
    utimesSync(join(root, 'a.yaml'), 1, 1);
    expect((await source.observe()).revision).not.toBe(before.revision);
  });

  test('removed, added, moved and replaced files', async () => {
    const source = makeDirectorySource(root, settled);
    write('a.yaml', 'conferences: {a: }\n');
    const first = await source.observe();
    renameSync(join(root, 'a.yaml'), join(root, 'b.yaml'));
    const moved = await source.observe();
    expect(relativePaths(moved)).toEqual(['b.yaml']);
    expect(moved.revision).not.toBe(first.revision);
    write('new', 'conferences: {a: }\n');
    renameSync(join(root, 'new'), join(root, 'b.yaml'));
    expect((await source.observe()).revision).toBe(moved.revision);
    unlinkSync(join(root, 'b.yaml'));
    expect(relativePaths(await source.observe())).toEqual([]);
  });

  test('a file that grows while others look', async () => {
    const source = makeDirectorySource(root);
    write('a.yaml', 'conferences:\n');
    const ids = new Set<string>();
    for (let index = 0; index < 20; index += 1) {
      appendFileSync(join(root, 'a.yaml'), `  c${index}: {}\n`);
      const [one, other] = await Promise.all([source.observe(), source.observe()]);
      expect(other.revision).toBe(one.revision);
      expect(one.files[0]?.declared).toHaveLength(index + 1);
      ids.add(one.revision);
    }
    expect(ids.size).toBe(20);
  });

  test('a file that vanishes between listing and reading, and one that comes back', async () => {
    write('gone.yaml');
    write('replaced.yaml');
    let looks = 0;
    const source = makeDirectorySource(root, () => {
      looks += 1;
      // The first look at the clock comes after the listing.
      if (looks === 1) {
        unlinkSync(join(root, 'gone.yaml'));
        renameSync(join(root, 'replaced.yaml'), join(root, 'replaced.yaml~'));
      } else if (looks === 2) renameSync(join(root, 'replaced.yaml~'), join(root, 'replaced.yaml'));
      return 0;
    });
    const observation = await source.observe();
    expect(looks).toBeGreaterThan(2);
    expect(relativePaths(observation)).toEqual(['replaced.yaml']);
    expect(told(observation)).toEqual([]);
  });

  test('the revision is about names and contents alone', async () => {
    write('one/a.yaml', 'conferences: {a: }\n');
    write('two/a.yaml', 'conferences: {a: }\n');
    write('two/ignored.txt', 'x');
    utimesSync(join(root, 'two/a.yaml'), 1, 1);
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => makeDirectorySource(join(root, name)).observe()),
    );
    expect(one?.revision).toBe(two?.revision);
  });
});

test('a large directory leaves the event loop room', async () => {
  for (let index = 0; index < 400; index += 1)
    write(`c${index}.yaml`, `conferences: {c${index}: {mute: true}}\n`);
  const source = makeDirectorySource(root, ticking(5));
  let turns = 0;
  let scanning = true;
  const spin = (): void => {
    turns += 1;
    if (scanning) setImmediate(spin);
  };
  setImmediate(spin);
  await source.observe();
  scanning = false;
  expect(turns).toBeGreaterThan(50);
});

/** A clock that goes on by this much whenever somebody looks. */
const ticking = (stepMs: number): (() => number) => {
  let nowMs = 0;
  return () => (nowMs += stepMs);
};
