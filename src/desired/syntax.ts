/**
 * Text to trees: one for each document of the file, with what is wrong in its syntax.
 *
 * The parser goes on after a mistake, with a tree that is wrong around it. So that one mistake is told
 * once, a line has at most one syntax error, and `damaged` names the lines where the tree is not trusted.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { parseAllDocuments, type ParsedNode, type YAMLError } from 'yaml';
import { error, type Finding, type Span } from './finding.js';
import { locate } from './locate.js';
import type { SourceText } from './source-text.js';
import { syntaxFinding } from './syntax-words.js';
import type { Tree } from './tree.js';

export interface ParsedDocument {
  readonly root: Tree;
  readonly findings: readonly Finding[];
  /** Lines near which the tree is wrong. */
  readonly damaged: ReadonlySet<number>;
}

export const parseDocuments = (source: SourceText): readonly ParsedDocument[] =>
  pipe(
    E.tryCatch(() => parse(source.text), E.toError),
    E.match(
      () => [unreadable],
      (documents) => documents.map((document) => readParsed(source, document)),
    ),
  );

interface Parsed {
  readonly contents: ParsedNode | null;
  readonly errors: readonly YAMLError[];
  readonly warnings: readonly YAMLError[];
}

/** The schema stays the one of YAML 1.2, whatever a `%YAML` line says: `no` is a text in every manifest. */
const parse = (text: string): readonly Parsed[] => {
  const documents = parseAllDocuments(text, {
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return 'empty' in documents
    ? [{ contents: null, errors: documents.errors, warnings: documents.warnings }]
    : documents;
};

/** The parser reports what it meets; it throws where it runs out of stack. */
const unreadable: ParsedDocument = {
  root: { _tag: 'Broken', start: 0, end: 0 },
  findings: [error('yaml-syntax', { start: 0, end: 0 }, 'the file is nested too deeply to be read')],
  damaged: new Set(),
};

const readParsed = (source: SourceText, { contents, errors, warnings }: Parsed): ParsedDocument => {
  const { root, findings, unclosed } = locate(contents, source.text);
  const reported = [...errors, ...warnings];
  const syntax = reported
    .filter((problem) => !followsFrom(source, problem, unclosed))
    .map((problem) => syntaxFinding(source, problem));
  const open = unclosed.map((span) => neverClosed(source, span));
  const lines = [...reported.map(({ pos }) => pos[0]), ...unclosed.map(({ start }) => start)];
  return {
    root,
    findings: [...firstOfEachLine(source, [...open, ...syntax]), ...findings],
    damaged: new Set(lines.map((offset) => source.placeAt(offset).line)),
  };
};

/** A bracket that is never closed is told at the bracket, and with it what is wrong up to where it ends. */
const followsFrom = (source: SourceText, problem: YAMLError, unclosed: readonly Span[]): boolean =>
  unclosed.some(
    ({ start, end }) =>
      isAboutClosing(problem) ||
      (problem.pos[0] > start && source.placeAt(problem.pos[0]).line <= source.placeAt(end).line),
  );

const isAboutClosing = ({ message }: YAMLError): boolean =>
  message.startsWith('Missing closing') || /^Flow (map|sequence) .*end with a/.test(message);

const neverClosed = ({ text }: SourceText, { start }: Span): Finding => {
  const opening = text.slice(start, start + 1);
  const closing = opening === '{' ? '}' : opening === '[' ? ']' : opening;
  return error(
    'yaml-syntax',
    { start, end: start + 1 },
    `this ${opening} is never closed`,
    `write the closing ${closing}`,
  );
};

const firstOfEachLine = (source: SourceText, findings: readonly Finding[]): readonly Finding[] => {
  const first = new Map<number, Finding>();
  for (const finding of [...findings].sort((left, right) => left.span.start - right.span.start)) {
    const { line } = source.placeAt(finding.span.start);
    if (!first.has(line)) first.set(line, finding);
  }
  return [...first.values()];
};
