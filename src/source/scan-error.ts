/** The code of an error of the operating system; its text where it has none. */
export const errorCode = (error: unknown): string =>
  error instanceof Error
    ? 'code' in error && typeof error.code === 'string'
      ? error.code
      : error.message
    : String(error);
