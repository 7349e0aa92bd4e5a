/** Where symbolic links lead, as `git cat-file --batch-check --follow-symlinks` tells it. Pure. */

export type LinkTarget =
  | { readonly _tag: 'File'; readonly blob: string; readonly bytes: number }
  /** Links to folders are not followed. */
  | { readonly _tag: 'Folder' }
  | { readonly _tag: 'Broken'; readonly why: string };

/** One for each question, in their order. `output`: one character a byte. */
export const readLinkTargets = (output: string): readonly LinkTarget[] => {
  const targets: LinkTarget[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at);
    if (end === -1) break;
    const line = output.slice(at, end);
    const [, kind, size] = /^(dangling|symlink|loop|notdir) ([0-9]+)$/.exec(line) ?? [];
    // What follows is the question, or where the link leads; it may have any byte in it.
    at = size === undefined ? end + 1 : end + 1 + Number(size) + 1;
    targets.push(kind === undefined ? foundIn(line) : { _tag: 'Broken', why: reasons[kind] ?? kind });
  }
  return targets;
};

const foundIn = (line: string): LinkTarget => {
  const [, blob, kind, bytes] = /^([0-9a-f]{40,64}) (blob|tree|commit) ([0-9]+)$/.exec(line) ?? [];
  if (blob === undefined) return { _tag: 'Broken', why: 'the symbolic link leads nowhere' };
  return kind === 'blob' ? { _tag: 'File', blob, bytes: Number(bytes) } : { _tag: 'Folder' };
};

const reasons: Readonly<Record<string, string>> = {
  dangling: 'the symbolic link leads nowhere',
  notdir: 'the symbolic link leads nowhere',
  loop: 'the symbolic link leads back to itself',
  symlink: 'the symbolic link leads out of the repository',
};
