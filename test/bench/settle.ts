/** A file that was just written proves nothing by its stamp; this is longer than `coarsestTickNs`. */
export const settle = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
};
