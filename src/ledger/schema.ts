/**
 * The tables, in what SQLite and PostgreSQL have in common: JSON as text, epoch milliseconds as integers, no
 * booleans. What a query needs to filter or order by is a column; everything else is inside the JSON.
 */
export interface Tables {
  readonly conference: { readonly id: string; readonly record: string };
  readonly call: {
    readonly number: number;
    readonly conference: string;
    readonly started_at_ms: number;
    readonly call: string;
  };
  readonly forced: { readonly at_ms: number; readonly forced: string };
  /** One row. */
  readonly facts: { readonly id: number; readonly facts: string };
  /** One row. The token only ever grows; the holder is absent while nobody writes. */
  readonly lease: {
    readonly id: number;
    readonly token: number;
    readonly heartbeat_ms: number;
    readonly holder: string | null;
  };
  /** One row. Two states with the same mark hold the same records and facts. */
  readonly content: { readonly id: number; readonly mark: string };
}

/** How many steps `migrations.ts` has. 0 is a state without tables. */
export const schemaVersion = 2;

/** Marks a file as a state of ours: "hold" in ASCII, as `file` and `PRAGMA application_id` show it. Never changes. */
export const applicationId = 0x686f6c64;

/** The key of the tables that have one row. */
export const onlyRow = 1;
