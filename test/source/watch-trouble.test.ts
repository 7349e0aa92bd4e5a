import { expect, test } from 'vitest';
import { watchTrouble } from '../../src/source/watch-trouble.js';

test.each([
  ['ENOSPC', ['/a'], 'cannot watch /a (no inotify watches left: raise fs.inotify.max_user_watches)'],
  ['EMFILE', ['/a', '/b'], 'cannot watch 2 folders, /a among them (too many open files or inotify instances'],
  ['EACCES', ['/a'], 'cannot watch /a (permission denied)'],
  ['EIO', ['/a'], 'cannot watch /a (EIO)'],
])('%s', (code, folders, words) => {
  const message = watchTrouble(code, folders);
  expect(message).toContain(words);
  expect(message).toMatch(/; changes there are noticed by the rescan only$/);
});
