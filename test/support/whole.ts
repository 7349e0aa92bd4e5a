/** A text that is made in pieces, as whoever reads all of it sees it. */
export const whole = (pieces: Iterable<string>): string => [...pieces].join('');
