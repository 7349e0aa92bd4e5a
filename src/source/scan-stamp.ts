/**
 * When a file need not be read again. The stamp of a file changes with its content, but only as fast as the
 * file system's clock ticks: a change within the same tick that keeps the size leaves the stamp as it is. As
 * in git's index, a stamp that was young when the file was read proves nothing ("racily clean").
 */
export interface FileStamp {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export const sameStamp = (left: FileStamp, right: FileStamp): boolean =>
  left.changedNs === right.changedNs &&
  left.modifiedNs === right.modifiedNs &&
  left.size === right.size &&
  left.inode === right.inode &&
  left.device === right.device;

/** `readAtMs`: the clock just before the file was read. */
export const isSettled = (stamp: FileStamp, readAtMs: number): boolean => {
  const newestNs = stamp.modifiedNs > stamp.changedNs ? stamp.modifiedNs : stamp.changedNs;
  return BigInt(Math.floor(readAtMs)) * 1_000_000n - newestNs > coarsestTickNs;
};

/** FAT keeps times of 2 s; a network file system's clock can be apart from ours. */
const coarsestTickNs = 3_000_000_000n;
