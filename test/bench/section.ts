/** One benchmark among others. */
export interface Section {
  readonly name: string;
  readonly run: (options: SectionOptions) => Promise<SectionReport>;
}

export interface SectionOptions {
  readonly seed: number;
  /** How inexact the simulated world is; 1: as usual. */
  readonly jitter: number;
  /** How many manifests, where real files are measured. */
  readonly n: number;
  /** How often each case is measured. */
  readonly runs: number;
}

export interface SectionReport {
  readonly text: string;
  /** The figures as a page shows them. */
  readonly markdown: string;
  /** The same as data, to be encoded as JSON. */
  readonly data: unknown;
  readonly allMet: boolean;
}
