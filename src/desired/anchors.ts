/**
 * What the anchors of one document stand for.
 *
 * An alias means the nearest anchor of its name before it, as in the YAML specification. Following it
 * copies nothing, so that ten lines of aliases to aliases cost ten lines here; but a reader that walks the
 * tree meets the value as if it were copied. `largestGain` bounds what a reader can meet.
 */
import { error, type Finding, type Span } from './finding.js';
import { quote } from './hide-secrets.js';
import type { Tree } from './tree.js';

/** A value, and how many values a reader meets that walks it as if aliases were copies. */
export interface Sized {
  readonly tree: Tree;
  readonly size: number;
}

export interface Anchors {
  /** Before a value is read; what it answers takes the value. An alias in between leads in a circle. */
  readonly open: (name: string | undefined) => (value: Sized) => Sized;
  readonly follow: (name: string, alias: Span) => Sized;
  readonly findings: () => readonly Finding[];
}

/** Values. 100,000 conferences that each merge eight settings stay below it. */
const largestGain = 1_000_000;

export const makeAnchors = (): Anchors => {
  const values = new Map<string, { value: Sized | undefined }>();
  const findings: Finding[] = [];
  let gained = 0;
  let isExhausted = false;

  const refuse = (alias: Span, ...told: readonly Finding[]): Sized => {
    findings.push(...told);
    return { tree: { _tag: 'Broken', ...alias }, size: 1 };
  };

  return {
    open: (name) => {
      const anchored: { value: Sized | undefined } = { value: undefined };
      if (name !== undefined) values.set(name, anchored);
      return (value) => {
        anchored.value = value;
        return value;
      };
    },
    follow: (name, alias) => {
      const anchored = values.get(name);
      if (anchored === undefined) return refuse(alias, unknownAnchor(name, alias));
      const { value } = anchored;
      if (value === undefined) return refuse(alias, endlessAlias(name, alias));
      if (gained + value.size > largestGain) {
        const first = !isExhausted;
        isExhausted = true;
        return first ? refuse(alias, aliasBomb(name, alias)) : refuse(alias);
      }
      gained += value.size;
      return value;
    },
    findings: () => findings,
  };
};

const unknownAnchor = (name: string, span: Span): Finding =>
  error(
    'yaml-syntax',
    span,
    `no anchor ${quote(name)} stands before this alias`,
    `write &${quote(name).slice(1, -1)} where the value stands`,
  );

const endlessAlias = (name: string, span: Span): Finding =>
  error('alias-bomb', span, `the value of the anchor ${quote(name)} contains itself`, 'write the value out');

const aliasBomb = (name: string, span: Span): Finding =>
  error(
    'alias-bomb',
    span,
    `with the alias ${quote(name)} the aliases of this document stand for more than a million values`,
    'write fewer aliases to values that hold aliases',
  );
