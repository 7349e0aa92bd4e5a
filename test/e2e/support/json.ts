/** JSON from outside, without trust: a record, or what a test looks up in it. */
export type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The record in a text; nothing when it holds anything else. */
export const decodeRecord = (text: string): readonly Json[] => {
  const value = parse(text);
  return isRecord(value) ? [value] : [];
};

/** Fails the test when the text is anything else than one JSON record. */
export const parseRecord = (text: string): Json => {
  const value = parse(text);
  if (!isRecord(value)) throw new Error(`no JSON record: ${text}`);
  return value;
};

/** The records in a list under a key. */
export const recordsAt = (json: Json, key: string): readonly Json[] => {
  const value = json[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
};

/** undefined: no JSON. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
