/**
 * The documents of one manifest, whoever read them, to what it declares, with everything that is wrong with it.
 *
 * Laws: every problem stands inside the text; every mistake is told, once, and what only follows from another
 * mistake is not.
 */
import * as S from 'fp-ts/lib/string.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Declared } from './desired.js';
import { duplicateWords } from './duplicate.js';
import { excerptAt } from './excerpt.js';
import { error, findingsOf, noFindings, type Finding } from './finding.js';
import { isError, type Problem, type Rule } from './problem.js';
import { readDocument, type Entry } from './read-document.js';
import { makeSourceText, type SourceText } from './source-text.js';
import type { Tree } from './tree.js';

export interface ManifestFile {
  /** As shown to people; two files never share one. */
  readonly path: string;
  /** Empty when the file is broken, that is, when any problem is an error. */
  readonly declared: readonly Declared[];
  readonly problems: readonly Problem[];
  /** For comparing files with each other; absent where the text could not be read. */
  readonly seen?: Seen;
}

/** What even a broken file tells about other files. */
export interface Seen {
  readonly text: string;
  /** The first place of each id. */
  readonly ids: readonly { readonly id: ConferenceId; readonly at: Place }[];
}

export interface ParsedDocument {
  readonly root: Tree;
  readonly findings: readonly Finding[];
  /** Lines near which the tree is wrong. */
  readonly damaged: ReadonlySet<number>;
}

/** Without a byte order mark. */
export const manifestSource = (path: string, text: string): SourceText =>
  makeSourceText(path, text.startsWith(byteOrderMark) ? text.slice(1) : text);

export const readParsed = (source: SourceText, parsed: readonly ParsedDocument[]): ManifestFile => {
  const documents = parsed.map((document) => readTrusted(document, source));
  const entries = documents.flatMap((document) => document.entries);
  const first = firstOfEachId(entries);
  const findings = [...documents.flatMap((document) => document.findings), ...duplicates(entries, first)];
  const problems = findings.length === 0 ? [] : toProblems(source, findings);
  const declared = [...first.values()];
  return {
    path: source.path,
    declared: problems.some(isError) ? [] : declared,
    problems,
    seen: { text: source.text, ids: declared.map(({ id, at }) => ({ id, at })) },
  };
};

export const byteOrderMark = '\uFEFF';

interface ReadDocument {
  readonly entries: readonly Entry[];
  readonly findings: readonly Finding[];
}

/** Near a mistake of syntax the tree is wrong, and so is what it makes of absence. */
const readTrusted = ({ root, findings, damaged }: ParsedDocument, source: SourceText): ReadDocument => {
  const read = readDocument(root, source);
  if (damaged.size === 0) return { entries: read.value, findings: findingsOf([{ findings }, read]) };
  const isTrusted = (offset: number): boolean => !damaged.has(source.placeAt(offset).line);
  const trusted = read.findings.filter(({ rule, span }) => !aboutAbsence.has(rule) && isTrusted(span.start));
  return {
    entries: read.value.filter(({ key }) => isTrusted(key.start)),
    findings: [...findings, ...trusted],
  };
};

const aboutAbsence: ReadonlySet<Rule> = new Set<Rule>(['misplaced-when-empty', 'fallback-without-callback']);

const firstOfEachId = (entries: readonly Entry[]): ReadonlyMap<ConferenceId, Declared> => {
  const first = new Map<ConferenceId, Declared>();
  for (const { declared } of entries) if (!first.has(declared.id)) first.set(declared.id, declared);
  return first;
};

const duplicates = (
  entries: readonly Entry[],
  first: ReadonlyMap<ConferenceId, Declared>,
): readonly Finding[] =>
  first.size === entries.length
    ? noFindings
    : entries.flatMap(({ key, declared: { id, at } }) => {
        const other = first.get(id)?.at ?? at;
        const isFirst = other.line === at.line && other.column === at.column;
        const { message, hint } = duplicateWords(id, other);
        return isFirst ? [] : [error('duplicate-conference', key, message, hint)];
      });

/** Sorted by place. The same value can be met many times through aliases; it is told once. */
const toProblems = (source: SourceText, findings: readonly Finding[]): readonly Problem[] => {
  const told = new Map(
    findings.toReversed().map((finding) => [`${finding.span.start} ${finding.rule}`, finding]),
  );
  return [...told.values()]
    .sort((left, right) => left.span.start - right.span.start || S.Ord.compare(left.rule, right.rule))
    .map((finding) => toProblem(source, finding));
};

const toProblem = (source: SourceText, { span, severity, rule, message, hint }: Finding): Problem => {
  const at = source.placeAt(span.start);
  return { at, severity, rule, message, hint, excerpt: excerptAt(source, at, span.end - span.start) };
};
