/** A moment as every output writes it: UTC, to the millisecond. A commit may claim a time that no calendar has. */
export const showTime = (epochMs: number): string => {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
};
