/** A moment as every output writes it: UTC, to the millisecond. */
export const showTime = (epochMs: number): string => new Date(epochMs).toISOString();
