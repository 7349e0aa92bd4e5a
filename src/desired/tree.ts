/**
 * A YAML document as the readers see it: values with their place, aliases followed.
 *
 * An aliased value is shared, never copied: it stands where its anchor stands. A document with aliases is
 * therefore a graph without cycles, and its readers must not visit more of it than `locate` has allowed.
 */
import type { Span } from './finding.js';

export type Tree = Scalar | Mapping | Sequence | Broken;

export interface Scalar extends Span {
  readonly _tag: 'Scalar';
  readonly value: unknown;
  /** As written, without quotes: `0123` where the value is the number 123. */
  readonly source: string;
  readonly plain: boolean;
}

export interface Mapping extends Span {
  readonly _tag: 'Mapping';
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: Tree;
  readonly value: Tree;
}

export interface Sequence extends Span {
  readonly _tag: 'Sequence';
  readonly items: readonly Tree[];
}

/** Could not be read, and has already been reported. */
export interface Broken extends Span {
  readonly _tag: 'Broken';
}

/** Where nothing is written. */
export const emptyScalar = (offset: number): Scalar => ({
  _tag: 'Scalar',
  value: null,
  source: '',
  plain: true,
  start: offset,
  end: offset,
});

export const isNull = (tree: Tree): boolean => tree._tag === 'Scalar' && tree.value === null;

/** What stands there, for a message that says what was expected instead. */
export const describe = (tree: Mapping | Sequence): string =>
  tree._tag === 'Mapping' ? 'a mapping' : 'a list';
