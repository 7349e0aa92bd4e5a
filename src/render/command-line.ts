/** The program's command line as data: what completion for a shell is made from. */

export interface CommandLine {
  readonly program: string;
  /** Of the program itself, before any command. */
  readonly flags: readonly Flag[];
  readonly commands: readonly Subcommand[];
}

export interface Subcommand {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  /** What follows the command, in this order. */
  readonly arguments: readonly Value[];
}

export interface Flag {
  /** All its spellings, such as `-h` and `--help`. */
  readonly spellings: readonly string[];
  readonly description: string;
  readonly value: Value;
}

export type Value =
  /** A switch: nothing follows. */
  | { readonly _tag: 'None' }
  /** Something that no shell can know, such as a number. `name` stands for it in the help. */
  | { readonly _tag: 'Any'; readonly name: string }
  | { readonly _tag: 'Words'; readonly name: string; readonly words: readonly string[] }
  | { readonly _tag: 'File'; readonly name: string }
  | { readonly _tag: 'Directory'; readonly name: string };
