/**
 * The bytes of one manifest to what it declares: size and encoding first, then `readManifest`.
 *
 * A byte order mark is accepted. Bytes that are not UTF-8 are an error; the rest of the file is read
 * nevertheless, so that the mistake hides no other.
 */
import * as E from 'fp-ts/lib/Either.js';
import { largestManifestBytes, tooLarge } from './broken-file.js';
import { excerptAt } from './excerpt.js';
import type { ManifestFile } from './manifest.js';
import { sortProblems } from './problem-order.js';
import type { Problem } from './problem.js';
import { readManifest } from './read-manifest.js';
import { makeSourceText } from './source-text.js';

export const readManifestBytes = (path: string, bytes: Uint8Array): ManifestFile => {
  const text = decodeManifest(path, bytes);
  return E.isRight(text) ? readManifest(path, text.right) : text.left;
};

/** Left: what is wrong with a file that is too large or no text. */
export const decodeManifest = (path: string, bytes: Uint8Array): E.Either<ManifestFile, string> => {
  if (bytes.length > largestManifestBytes) return E.left(tooLarge(path));
  return E.mapLeft(() => readBroken(path, bytes))(decodeStrictly(bytes));
};

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

const decodeStrictly = (bytes: Uint8Array): E.Either<Error, string> =>
  E.tryCatch(() => strictDecoder.decode(bytes), E.toError);

const readBroken = (path: string, bytes: Uint8Array): ManifestFile => {
  const text = new TextDecoder('utf-8').decode(bytes);
  const encoding = invalidUtf8(path, bytes, text);
  const rest = readManifest(path, text);
  return {
    ...rest,
    declared: [],
    problems: sortProblems([...encoding, ...trustworthy(rest.problems, text)]),
  };
};

/** In a file that is no text at all, nearly everything else would be noise. */
const trustworthy = (problems: readonly Problem[], text: string): readonly Problem[] => {
  if (problems.some(({ rule }) => rule === 'yaml-syntax')) return [];
  const source = makeSourceText('', text);
  return problems.filter(({ at }) => !source.lineAt(at.line).includes(replacement));
};

const invalidUtf8 = (path: string, bytes: Uint8Array, text: string): readonly Problem[] => {
  const source = makeSourceText(path, text);
  const { offset, byte } = firstInvalid(bytes, text);
  const at = source.placeAt(offset);
  return [
    {
      at,
      severity: 'error',
      rule: 'invalid-utf8',
      message: `the byte 0x${byte.toString(16).padStart(2, '0')} is not valid UTF-8`,
      hint: 'save the file as UTF-8',
      excerpt: excerptAt(source, at, 1),
    },
  ];
};

const replacement = '\uFFFD';

interface InvalidByte {
  /** Into the decoded text, where the replacement character stands for it. */
  readonly offset: number;
  readonly byte: number;
}

/** The first replacement character that the file does not itself contain. All before it is valid. */
const firstInvalid = (bytes: Uint8Array, text: string): InvalidByte => {
  let done = 0;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let offset = text.indexOf(replacement); offset !== -1; offset = text.indexOf(replacement, done)) {
    at += new TextEncoder().encode(text.slice(done, offset)).length;
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd)
      return { offset, byte: bytes[at] ?? 0 };
    at += 3;
    done = offset + 1;
  }
  return { offset: 0, byte: bytes[0] ?? 0 };
};
