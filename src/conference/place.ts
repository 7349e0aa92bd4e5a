/** Where something stands in a manifest: the path as shown to people, line and column from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** `desired/a.yaml:7:11`, which editors and terminals turn into a link. */
export const showPlace = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;
