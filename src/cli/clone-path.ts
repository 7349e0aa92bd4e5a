import type { StateLocation } from '../ledger/sqlite-location.js';

/** Where the clone of a watched repository is kept: beside the state that remembers what was taken from it. */
export const clonePathFor = ({ path }: StateLocation): string => `${path}.git`;
