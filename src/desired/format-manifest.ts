/**
 * The text of a manifest in the form that all manifests are to have: indentation, quotes, and the spelling of values
 * that can be written in several ways. Nothing is sorted, joined or divided; comments, blank lines, anchors, aliases,
 * `<<` and the marks of documents stay where they are.
 *
 * Made of edits of the text itself, so that what no edit touches cannot change.
 *
 * Laws: what a manifest declares, with its lines and origins, is the same before and after; formatting twice is
 * formatting once; the comments are the same; a manifest with an error is not formatted at all.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CST } from 'yaml';
import { isBroken } from './broken-file.js';
import { applyEdits } from './edit.js';
import { layoutEdits } from './layout.js';
import { withEvenBreaks } from './line-ends.js';
import { byteOrderMark, manifestSource, readParsed, type ManifestFile } from './manifest.js';
import { decodeManifest } from './manifest-bytes.js';
import type { Problem } from './problem.js';
import { readManifest } from './read-manifest.js';
import { spellingEdits } from './spelling.js';
import { parseDocuments } from './syntax.js';

export type Formatted =
  | { readonly _tag: 'Formatted'; readonly text: string }
  /** It has errors, and stays as it is. */
  | { readonly _tag: 'Broken'; readonly problems: readonly Problem[] }
  /** A defect of ours: it would mean something else. Nobody's file is to pay for it. */
  | { readonly _tag: 'Unsafe' };

export const formatManifestBytes = (path: string, bytes: Uint8Array): Formatted => {
  const text = decodeManifest(path, bytes);
  return E.isRight(text)
    ? formatManifest(path, text.right)
    : { _tag: 'Broken', problems: text.left.problems };
};

export const formatManifest = (path: string, text: string): Formatted => {
  const source = manifestSource(path, text);
  const tokens: CST.Token[] = [];
  const documents = parseDocuments(source, (token) => tokens.push(token));
  const file = readParsed(source, documents);
  if (isBroken(file)) return { _tag: 'Broken', problems: file.problems };
  // Some editors add a mark to a text that has one.
  if (source.text.startsWith(byteOrderMark)) return formatManifest(path, source.text);
  const roots = documents.map(({ root }) => root);
  const edits = [...spellingEdits(source.text, tokens, roots), ...layoutEdits(source.text, tokens)];
  const formatted = withEvenBreaks(applyEdits(source.text, edits));
  return formatted === source.text || declareTheSame(file, readManifest(path, formatted))
    ? { _tag: 'Formatted', text: formatted }
    : { _tag: 'Unsafe' };
};

/** On the same lines, too. Columns move with the indentation. */
const declareTheSame = (before: ManifestFile, after: ManifestFile): boolean =>
  !isBroken(after) && withoutColumns(before) === withoutColumns(after);

const withoutColumns = ({ declared }: ManifestFile): string =>
  JSON.stringify(declared, (key, value: unknown) => (key === 'column' ? undefined : value));
