/**
 * Text to trees: one for each document of the file, with what is wrong in its syntax.
 *
 * The parser goes on after a mistake, with a tree that is wrong around it. So that one mistake is told
 * once, a line has at most one syntax error, and `damaged` names the lines where the tree is not trusted.
 */
import * as E from 'fp-ts/lib/Either.js';
import { Composer, type CST, type ParsedNode, type YAMLError } from 'yaml';
import { error, type Finding, type Span } from './finding.js';
import { locate } from './locate.js';
import type { ParsedDocument } from './manifest.js';
import type { Rule } from './problem.js';
import type { SourceText } from './source-text.js';
import { syntaxFinding } from './syntax-words.js';
import { mostLexemes } from './limits.js';
import { boundedTokens, deepestNesting, type Excess } from './tokens.js';

/** `onToken`: for who wants to see the text as it is written, too. */
export const parseDocuments = (
  source: SourceText,
  onToken: (token: CST.Token) => void = () => undefined,
): readonly ParsedDocument[] => {
  const excesses: Excess[] = [];
  const documents = E.tryCatch(
    () => withoutTraces(() => parse(source.text, (excess) => excesses.push(excess), onToken)),
    E.toError,
  );
  if (E.isLeft(documents)) return [unread('yaml-syntax', 'the parser cannot read this file', '')];
  if (excesses.some(({ _tag }) => _tag === 'TooMany')) return [tooMany];
  return [
    ...documents.right.map((document) => readParsed(source, document)),
    ...excesses.slice(0, 1).map(tooDeep),
  ];
};

interface Parsed {
  readonly contents: ParsedNode | null;
  readonly errors: readonly YAMLError[];
  readonly warnings: readonly YAMLError[];
}

/** The schema stays the one of YAML 1.2, whatever a `%YAML` line says: `no` is a text in every manifest. */
const parse = (
  text: string,
  tell: (excess: Excess) => void,
  onToken: (token: CST.Token) => void,
): readonly Parsed[] => {
  const composer = new Composer<ParsedNode>({
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Parsed[] = [];
  for (const token of boundedTokens(text, tell)) {
    onToken(token);
    documents.push(...composer.next(token));
  }
  documents.push(...composer.end());
  return documents.length > 0 ? documents : [{ contents: null, ...composer.streamInfo() }];
};

/** The parser makes an Error of each mistake, and the trace is by far the largest part of one. */
const withoutTraces = <A>(run: () => A): A => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = before;
  }
};

const unread = (rule: Rule, message: string, hint: string, start = 0): ParsedDocument => ({
  root: { _tag: 'Broken', start, end: start },
  findings: [error(rule, { start, end: start + 1 }, message, hint)],
  damaged: new Set(),
});

/** Nothing of it is told: only a part was read, and its end would look like a mistake. */
const tooMany = unread(
  'file-too-large',
  `the file has more than ${mostLexemes / 1e6} million words and signs and was not read`,
  'split it into several files',
);

const tooDeep = ({ offset }: Excess): ParsedDocument =>
  unread('yaml-syntax', `nested more than ${deepestNesting} deep`, '', offset);

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
  const closing = closingOf[opening];
  // The parser is now and then a character off.
  return closing === undefined
    ? error('yaml-syntax', { start, end: start + 1 }, 'a bracket or a quote is never closed', 'close it')
    : error(
        'yaml-syntax',
        { start, end: start + 1 },
        `this ${opening} is never closed`,
        `write the closing ${closing}`,
      );
};

const closingOf: Readonly<Partial<Record<string, string>>> = { '{': '}', '[': ']', '"': '"', "'": "'" };

const firstOfEachLine = (source: SourceText, findings: readonly Finding[]): readonly Finding[] => {
  const first = new Map<number, Finding>();
  for (const finding of [...findings].sort((left, right) => left.span.start - right.span.start)) {
    const { line } = source.placeAt(finding.span.start);
    if (!first.has(line)) first.set(line, finding);
  }
  return [...first.values()];
};
