import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import * as T from 'fp-ts/lib/Task.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type DirectoryWatch,
  watchDirectory,
  watchDirectoryThrough,
} from '../../src/source/watch-directory.js';
import { type FolderEvent, type WatchFolder, watchFolder } from '../../src/source/watch-folder.js';

let base: string;
let root: string;
const open: DirectoryWatch[] = [];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'watch-directory-')));
  root = join(base, 'desired');
});

afterEach(async () => {
  for (const watch of open.splice(0)) await watch.close();
  rmSync(base, { recursive: true, force: true });
});

/** Looks at every hint and never otherwise, as the daemon does. */
const watching = async (directory = root, through: WatchFolder = watchFolder) => {
  const messages: string[] = [];
  let hints = 0;
  let look = (): void => undefined;
  const watch = await watchDirectoryThrough(through)(
    directory,
    () => {
      hints += 1;
      look();
    },
    (message) => messages.push(message),
  )();
  open.push(watch);
  return {
    watch,
    messages,
    hints: () => hints,
    /** Ends when a look at a hint finds what is expected; without a hint the test runs into its timeout. */
    sees: (expected: () => boolean): Promise<void> =>
      new Promise((seen) => {
        look = () => {
          if (expected()) seen();
        };
      }),
  };
};

const content = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'missing';
  }
};

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

interface Story {
  readonly name: string;
  readonly before: (file: (name: string) => string) => void;
  readonly act: (file: (name: string) => string) => void;
  /** The file that has to be seen with the content `new` (or to be missing). */
  readonly file: string;
  readonly expected?: string;
}

const stories: readonly Story[] = [
  {
    name: 'a save in place',
    before: (file) => write(file('a.yaml'), 'old'),
    act: (file) => writeFileSync(file('a.yaml'), 'new'),
    file: 'a.yaml',
  },
  {
    name: 'the last of many saves in a row',
    before: (file) => write(file('a.yaml'), 'old'),
    act: (file) => {
      for (let count = 0; count < 200; count += 1) writeFileSync(file('a.yaml'), `save ${count}`);
      writeFileSync(file('a.yaml'), 'new');
    },
    file: 'a.yaml',
  },
  {
    name: 'an append',
    before: (file) => write(file('a.yaml'), 'n'),
    act: (file) => appendFileSync(file('a.yaml'), 'ew'),
    file: 'a.yaml',
  },
  {
    name: 'a rename over the file',
    before: (file) => write(file('sub/a.yaml'), 'old'),
    act: (file) => {
      writeFileSync(file('sub/.a.yaml.swp'), 'new');
      renameSync(file('sub/.a.yaml.swp'), file('sub/a.yaml'));
    },
    file: 'sub/a.yaml',
  },
  {
    name: 'a backup written by an editor, then a new file',
    before: (file) => write(file('a.yaml'), 'old'),
    act: (file) => {
      renameSync(file('a.yaml'), file('a.yaml~'));
      writeFileSync(file('a.yaml'), 'new');
      unlinkSync(file('a.yaml~'));
    },
    file: 'a.yaml',
  },
  {
    name: 'a deleted file',
    before: (file) => write(file('sub/a.yaml'), 'old'),
    act: (file) => unlinkSync(file('sub/a.yaml')),
    file: 'sub/a.yaml',
    expected: 'missing',
  },
  {
    name: 'a file in a new folder at once',
    before: (file) => write(file('a.yaml'), 'old'),
    act: (file) => write(file('one/two/three/b.yaml'), 'new'),
    file: 'one/two/three/b.yaml',
  },
  {
    name: 'a deleted folder',
    before: (file) => write(file('sub/deep/a.yaml'), 'old'),
    act: (file) => rmSync(file('sub'), { recursive: true }),
    file: 'sub/deep/a.yaml',
    expected: 'missing',
  },
  {
    name: 'a folder moved in from elsewhere',
    before: (file) => {
      write(file('a.yaml'), 'old');
      write(file('../elsewhere/deep/b.yaml'), 'new');
    },
    act: (file) => renameSync(file('../elsewhere'), file('sub')),
    file: 'sub/deep/b.yaml',
  },
  {
    name: 'the swap of a Kubernetes volume',
    before: (file) => {
      write(file('..2024_1/a.yaml'), 'old');
      symlinkSync('..2024_1', file('..data'));
      symlinkSync('..data/a.yaml', file('a.yaml'));
    },
    act: (file) => {
      write(file('..2024_2/a.yaml'), 'new');
      symlinkSync('..2024_2', file('..data_tmp'));
      renameSync(file('..data_tmp'), file('..data'));
      rmSync(file('..2024_1'), { recursive: true });
    },
    file: 'a.yaml',
  },
  {
    name: 'the target of a link, changed in place outside the directory',
    before: (file) => {
      write(file('../outside/target.yaml'), 'old');
      write(file('b.yaml'), 'old');
      symlinkSync('../outside/target.yaml', file('a.yaml'));
    },
    act: (file) => writeFileSync(file('../outside/target.yaml'), 'new'),
    file: 'a.yaml',
  },
  {
    name: 'the target of a link, replaced by a rename',
    before: (file) => {
      write(file('../outside/target.yaml'), 'old');
      write(file('b.yaml'), 'old');
      symlinkSync('../outside/target.yaml', file('a.yaml'));
    },
    act: (file) => {
      writeFileSync(file('../outside/temporary'), 'new');
      renameSync(file('../outside/temporary'), file('../outside/target.yaml'));
    },
    file: 'a.yaml',
  },
  {
    name: 'the directory deleted and made again',
    before: (file) => write(file('a.yaml'), 'old'),
    act: (file) => {
      rmSync(file('.'), { recursive: true });
      write(file('a.yaml'), 'new');
    },
    file: 'a.yaml',
  },
  {
    name: 'the directory replaced by another',
    before: (file) => {
      write(file('sub/a.yaml'), 'old');
      write(file('../other/sub/a.yaml'), 'new');
    },
    act: (file) => {
      renameSync(file('.'), file('../away'));
      renameSync(file('../other'), file('../desired'));
    },
    file: 'sub/a.yaml',
  },
];

describe('every change gives a hint', () => {
  test.each(stories)('$name', async ({ before, act, file, expected = 'new' }) => {
    const within = (name: string) => join(root, name);
    before(within);
    const { sees } = await watching();
    const seen = sees(() => content(within(file)) === expected);
    act(within);
    await seen;
  });

  test('a directory that is missing at the start, comes, goes and comes back', async () => {
    const { sees } = await watching();
    const came = sees(() => content(join(root, 'a.yaml')) === 'first');
    write(join(root, 'a.yaml'), 'first');
    await came;
    const went = sees(() => content(join(root, 'a.yaml')) === 'missing');
    renameSync(root, join(base, 'away'));
    await went;
    const returned = sees(() => content(join(root, 'a.yaml')) === 'first');
    renameSync(join(base, 'away'), root);
    await returned;
    const saved = sees(() => content(join(root, 'a.yaml')) === 'second');
    writeFileSync(join(root, 'a.yaml'), 'second');
    await saved;
  });

  test('a linked directory, also when the link turns to another one', async () => {
    write(join(base, 'one/a.yaml'), 'one');
    write(join(base, 'two/a.yaml'), 'two');
    symlinkSync('one', root);
    const { sees } = await watching();
    const saved = sees(() => content(join(root, 'a.yaml')) === 'one again');
    writeFileSync(join(base, 'one/a.yaml'), 'one again');
    await saved;
    const turned = sees(() => content(join(root, 'a.yaml')) === 'two');
    symlinkSync('two', join(base, 'next'));
    renameSync(join(base, 'next'), root);
    await turned;
    const savedThere = sees(() => content(join(root, 'a.yaml')) === 'two again');
    writeFileSync(join(base, 'two/a.yaml'), 'two again');
    await savedThere;
  });

  test('a folder deleted and made again under its name goes on giving hints', async () => {
    const file = join(root, 'sub/deep/a.yaml');
    write(file, 'old');
    const { sees } = await watching();
    for (const text of ['one', 'two', 'three']) {
      const remade = sees(() => content(file) === text);
      rmSync(join(root, 'sub'), { recursive: true });
      write(file, text);
      await remade;
      const saved = sees(() => content(file) === `${text}, saved`);
      writeFileSync(file, `${text}, saved`);
      await saved;
    }
  });

  test('a folder renamed away and replaced goes on giving hints, under both names', async () => {
    write(join(root, 'sub/a.yaml'), 'old');
    write(join(root, 'other/a.yaml'), 'other');
    const { sees } = await watching();
    const swapped = sees(() => content(join(root, 'sub/a.yaml')) === 'other');
    renameSync(join(root, 'sub'), join(root, 'away'));
    renameSync(join(root, 'other'), join(root, 'sub'));
    await swapped;
    for (const name of ['sub', 'away', 'sub']) {
      const saved = sees(() => content(join(root, name, 'a.yaml')) === `new in ${name}`);
      writeFileSync(join(root, name, 'a.yaml'), `new in ${name}`);
      await saved;
    }
  });
});

describe('what is watched', () => {
  const recorder = () => {
    const opened = new Set<string>();
    const events: FolderEvent[] = [];
    let onRecorded = (): void => undefined;
    const through: WatchFolder = (folder, onEvent) => {
      opened.add(folder);
      const watch = watchFolder(folder, (event) => {
        onEvent(event);
        events.push(event);
        onRecorded();
      });
      return { ...watch, close: () => (opened.delete(folder), watch.close()) };
    };
    const recorded = (name: string): Promise<void> =>
      new Promise((done) => {
        onRecorded = () => {
          if (events.some((event) => O.isSome(event) && event.value === name)) done();
        };
      });
    return { opened, through, recorded };
  };

  test('folders only; none with a dot, no node_modules, no links to folders', async () => {
    for (const name of ['a.yaml', 'sub/b.yaml', '.git/c.yaml', '.git/objects/d', 'node_modules/x/e.yaml']) {
      write(join(root, name), 'text');
    }
    write(join(base, 'linked/f.yaml'), 'text');
    symlinkSync('../linked', join(root, 'linked'));
    const { opened, through } = recorder();
    await watching(root, through);
    expect([...opened].sort()).toEqual([root, join(root, 'sub')]);
  });

  test('a deleted folder is let go', async () => {
    write(join(root, 'sub/deep/a.yaml'), 'text');
    const { opened, through } = recorder();
    const { sees } = await watching(root, through);
    expect(opened.size).toBe(3);
    const gone = sees(() => opened.size === 1);
    rmSync(join(root, 'sub'), { recursive: true });
    await gone;
  });

  test('beside the target of a link nothing else counts', async () => {
    write(join(base, 'outside/target.yaml'), 'old');
    write(join(root, 'b.yaml'), 'old');
    symlinkSync('../outside/target.yaml', join(root, 'a.yaml'));
    const { opened, through, recorded } = recorder();
    const { hints } = await watching(root, through);
    expect([...opened].map((folder) => basename(folder)).sort()).toEqual(['desired', 'outside']);
    const before = hints();
    const arrived = recorded('other.yaml');
    writeFileSync(join(base, 'outside/other.yaml'), 'text');
    await arrived;
    expect(hints()).toBe(before);
  });

  test('after close there is no hint and no watch', async () => {
    write(join(root, 'sub/a.yaml'), 'old');
    const { opened, through } = recorder();
    const { watch, hints } = await watching(root, through);
    await watch.close();
    const before = hints();
    expect(opened.size).toBe(0);
    const other = await watching(root);
    const seen = other.sees(() => content(join(root, 'sub/a.yaml')) === 'new');
    writeFileSync(join(root, 'sub/a.yaml'), 'new');
    await seen;
    expect(hints()).toBe(before);
  });

  test('close does not wait for a folder that is being opened, and nothing is opened after it', async () => {
    mkdirSync(root);
    const opened: string[] = [];
    let onStuck = (): void => undefined;
    const stuck = new Promise<void>((done) => {
      onStuck = done;
    });
    const through: WatchFolder = (folder, onEvent) => {
      opened.push(folder);
      if (folder === root) return watchFolder(folder, onEvent);
      onStuck();
      let release = (): void => undefined;
      const released = new Promise<void>((done) => {
        release = done;
      });
      return { opened: () => released, trouble: () => O.none, close: async () => release() };
    };
    const { watch, hints } = await watching(root, through);
    write(join(base, 'new/one/a.yaml'), 'text');
    renameSync(join(base, 'new'), join(root, 'new'));
    await stuck;
    const before = hints();
    await watch.close();
    expect(opened).toEqual([root, join(root, 'new')]);
    expect(hints()).toBe(before);
  });
});

describe('when the system grants no watch', () => {
  const limited =
    (limit: number): WatchFolder =>
    (folder, onEvent) => {
      granted += 1;
      return granted <= limit
        ? watchFolder(folder, onEvent)
        : { opened: T.of(undefined), trouble: () => O.some('ENOSPC'), close: T.of(undefined) };
    };
  let granted = 0;

  test('one message in plain words, and the rest goes on', async () => {
    granted = 0;
    for (const name of ['a.yaml', 'x/a.yaml', 'y/a.yaml', 'z/a.yaml']) write(join(root, name), 'old');
    const { messages, sees } = await watching(root, limited(1));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('3 folders');
    expect(messages[0]).toContain('fs.inotify.max_user_watches');
    const seen = sees(() => content(join(root, 'a.yaml')) === 'new');
    writeFileSync(join(root, 'a.yaml'), 'new');
    await seen;
    expect(messages).toHaveLength(1);
  });
});

test('a folder that is not there opens without trouble and closes', async () => {
  const watch = watchDirectory(join(root, 'no/such/folder'), () => undefined, expect.unreachable);
  await (await watch()).close();
});
