/**
 * Texts that are kept until the end and looked at once or twice. They stand in a few large buffers: ten thousand of
 * them in the heap would be moved twice each by the collector, which takes that as a reason to let the heap grow.
 */
export interface KeptText {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export const makeTextKeeper = (): ((text: string) => KeptText) => {
  let bytes = Buffer.alloc(0);
  let filled = 0;
  return (text) => {
    // A character of UTF-16 takes three bytes at most.
    const mostBytes = text.length * 3;
    if (filled + mostBytes > bytes.length) {
      bytes = Buffer.allocUnsafeSlow(Math.max(mostBytes, bufferBytes));
      filled = 0;
    }
    const start = filled;
    filled += bytes.write(text, start);
    return { bytes, start, end: filled };
  };
};

const bufferBytes = 256 * 1024;

export const textOf = ({ bytes, start, end }: KeptText): string => bytes.toString('utf8', start, end);
