/**
 * Keeps credentials out of everything that is shown: an answer, or a proxy on the way, may echo the header
 * it was sent. Law: no word of at least `shortestSecret` characters is left in a scrubbed text.
 */

/** Removes secrets from a text. */
export type Scrub = (text: string) => string;

/** Shorter words are part of ordinary text; to remove them would hide nothing and spoil every message. */
const shortestSecret = 4;

/** Longest first, so that a secret which contains another one leaves no rest behind. */
export const makeScrub = (words: readonly string[]): Scrub => {
  const secrets = words
    .filter((word) => word.length >= shortestSecret)
    .toSorted((left, right) => right.length - left.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
};
