/** Texts from anywhere in Markdown that a forge shows: none of them is obeyed. Pure. */

/** Of a text that is safe already; empty stays empty. */
export const code = (safe: string): string => (safe === '' ? '' : `<code>${escapeMarkdown(safe)}</code>`);

/** Outside of `<code>` a forge looks for mentions and issues even where the sign is an entity. */
export const prose = (safe: string): string => escapeMarkdown(safe).replace(/&#(?:64|35);/g, '$&&#8203;');

const escapeMarkdown = (safe: string): string =>
  safe.replace(special, (character) => `&#${character.charCodeAt(0)};`);

// Also the colon and the dot by which GitHub's Markdown recognises a bare link.
const special = /[&<>|`*_[\]~!@#$\\^{}]|:(?=\/\/)|(?<=www)\./gi;
