/** How much of a manifest is read. Apart from the parser, which most runs do not load. */

/** Names, values, signs, blanks and line breaks. An ordinary manifest of 16 MiB has 3,800,000. */
export const mostLexemes = 4_000_000;
