/** What the program is started with. */
export interface Launch {
  /** Of the program's first file, which lies beside the folder of all others. */
  readonly mainUrl: string;
  /** What to say when the machine has run out of something, if that is why it failed. */
  readonly shortage: (cause: unknown) => string | undefined;
}
