/**
 * Evidence is what people see of an answer, in the status, the history and the logs. Whatever the API or a
 * proxy wrote, it comes out as one line of plain text.
 *
 * Laws: the message is not empty, has at most `longestMessage` characters and no control characters; no
 * credential and no password of a URL is in the message or in the code.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { maskPasswords } from '../conference/url.js';
import type { Evidence } from './answer.js';
import type { Scrub } from './scrub.js';

export const longestMessage = 300;

export const makeEvidence = (
  status: O.Option<number>,
  code: O.Option<string>,
  message: string,
  scrub: Scrub,
): Evidence => ({
  status,
  code: pipe(
    code,
    O.map((text) => oneLine(text, scrub, longestCode)),
    O.filter((text) => text !== ''),
  ),
  message: oneLine(message, scrub, longestMessage) || withoutMessage(status),
});

/** The words of a body that is not the API's JSON: the title of a page, or the text without the tags. */
export const bodyWords = (body: string, scrub: Scrub): string => {
  const text = shorten(scrubStart(body, scrub), longestBody);
  if (!/<[a-z!]/i.test(text)) return text;
  const title = /<title[^<>]{0,100}>([^<]{1,200})/i.exec(text)?.[1];
  return title ?? text.replace(hiddenText, ' ').replace(/<[^<>]{0,500}>/g, ' ');
};

const withoutMessage = (status: O.Option<number>): string =>
  O.isSome(status) ? `HTTP ${status.value} without a message` : 'no answer';

const longestCode = 100;

/** Bounds the work of the patterns below, whose time grows with the square of the length. */
const longestBody = 2_000;
const longestInput = 1_000;
const longestScrubbed = 16_000;

// Secrets go after the marks that could hide one, and before the cut that could leave a part of one.
const oneLine = (text: string, scrub: Scrub, limit: number): string => {
  const visible = text.replace(/\s+/g, ' ').replace(invisible, '');
  return ellipsis(maskPasswords(shorten(scrubStart(visible, scrub), longestInput)).trim(), limit);
};

/** No more than is shown in the end, and no part of a secret that the cut went through. */
const scrubStart = (text: string, scrub: Scrub): string => {
  if (text.length <= longestScrubbed) return scrub(text);
  const start = scrub(text.slice(0, longestScrubbed));
  return start.length > longestBody ? start : start.slice(0, start.lastIndexOf('***') + 3);
};

/** Cuts, and drops a URL that the cut goes through: a password without its `@` could not be recognised. */
const shorten = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const start = text.slice(0, limit);
  const lastWordAt = start.search(/\S*$/);
  return start.includes('://', lastWordAt) ? start.slice(0, lastWordAt) : start;
};

// Half of a surrogate pair is no text.
const ellipsis = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** Control characters, marks that hide or turn around what stands beside them, halves of surrogate pairs. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const hiddenText = /<(script|style)\b[\s\S]*?<\/\1/gi;
