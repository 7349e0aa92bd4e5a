/**
 * A new content for a file that is there: whole or not at all, under the same name, with the same rights. A symbolic
 * link stays, and what it leads to is replaced. Until it is done there is a hidden file beside it, which no look at
 * manifests takes for one.
 */
import { access, chmod, chown, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { errorCode } from './scan-error.js';
import { glanceAt } from './scan-file.js';
import { reason } from './scan-problems.js';
import { sameStamp, type FileStamp } from './scan-stamp.js';

/** `read`: as it was when its content was read; what somebody has saved since then stays. Left: why it failed. */
export const replaceFile = (
  path: string,
  bytes: Uint8Array,
  read: FileStamp,
  pid: number,
): TE.TaskEither<string, void> =>
  TE.tryCatch(
    async () => {
      const target = await realpath(path);
      // Whoever may write in the folder could replace a file that is protected against writing.
      await access(target, constants.W_OK);
      const unfinished = join(dirname(target), `.holdfast-${pid}.tmp`);
      try {
        await writeLike(target, unfinished, bytes);
        const now = glanceAt(target);
        if (now._tag !== 'Regular' || !sameStamp(now.stamp, read)) throw new Error(changed);
        await rename(unfinished, target);
      } finally {
        await rm(unfinished, { force: true });
      }
    },
    (cause) => reason(errorCode(cause)),
  );

const changed = 'somebody has changed it meanwhile';

const writeLike = async (target: string, unfinished: string, bytes: Uint8Array): Promise<void> => {
  await writeFile(unfinished, bytes, { flag: 'wx', mode: 0o600, flush: true });
  const [wanted, made] = [await stat(target), await stat(unfinished)];
  // Only root can give a file away; whoever else may write here becomes its owner.
  if (wanted.uid !== made.uid || wanted.gid !== made.gid)
    await chown(unfinished, wanted.uid, wanted.gid).catch(() => undefined);
  await chmod(unfinished, wanted.mode & 0o7777);
};
