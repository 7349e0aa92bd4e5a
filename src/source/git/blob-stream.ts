/**
 * Cuts what `git cat-file --batch` prints into blobs, chunk by chunk, so that never more than one of them has to
 * be in memory.
 */
export interface BlobStream {
  readonly take: (chunk: Buffer) => void;
}

/** `onBlob` hears each blob once, in the order they were asked for; none for one that is missing. */
export const makeBlobStream = (onBlob: (blob: string, content: Buffer) => void): BlobStream => {
  let waiting: readonly Buffer[] = [];
  let waitingBytes = 0;
  /** The header of the blob that is being read; undefined: the next header is awaited. */
  let current: { readonly blob: string; readonly bytes: number } | undefined;

  const cut = (buffer: Buffer): Buffer => {
    let rest = buffer;
    for (;;) {
      if (current === undefined) {
        const end = rest.indexOf('\n');
        if (end === -1) return rest;
        current = headerOf(rest.toString('latin1', 0, end));
        rest = rest.subarray(end + 1);
        continue;
      }
      // A line break follows the content.
      if (rest.length < current.bytes + 1) return rest;
      onBlob(current.blob, rest.subarray(0, current.bytes));
      rest = rest.subarray(current.bytes + 1);
      current = undefined;
    }
  };

  return {
    take: (chunk) => {
      waiting = [...waiting, chunk];
      waitingBytes += chunk.length;
      if (current !== undefined && waitingBytes < current.bytes + 1) return;
      const rest = cut(waiting.length === 1 ? chunk : Buffer.concat(waiting));
      waiting = rest.length === 0 ? [] : [rest];
      waitingBytes = rest.length;
    },
  };
};

const headerOf = (line: string): { readonly blob: string; readonly bytes: number } | undefined => {
  const [, blob, bytes] = /^([0-9a-f]{40,64}) blob ([0-9]+)$/.exec(line) ?? [];
  return blob === undefined ? undefined : { blob, bytes: Number(bytes) };
};
