/** What to tell people when folders cannot be watched. */

/** `code` is the system's error code, `folders` are those that are affected; at least one. */
export const watchTrouble = (code: string, folders: readonly string[]): string =>
  `cannot watch ${showFolders(folders)} (${reason(code)}); changes there are noticed by the rescan only`;

const reason = (code: string): string => {
  switch (code) {
    case 'ENOSPC':
      return 'no inotify watches left: raise fs.inotify.max_user_watches';
    case 'EMFILE':
      return 'too many open files or inotify instances: raise their limit, or fs.inotify.max_user_instances';
    case 'ENFILE':
      return 'the system has too many files open';
    case 'ENOENT':
      return 'not found under this name';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    default:
      return code;
  }
};

const showFolders = (folders: readonly string[]): string =>
  folders.length === 1
    ? folders.join('')
    : `${folders.length} folders, ${folders.slice(0, 1).join('')} among them`;
