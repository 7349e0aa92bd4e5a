/**
 * The examples of the README: fenced blocks behind a comment. Blocks with the same name share a folder and run in
 * the order of the page.
 *
 *     <!-- example: tour -->                     what the block does depends on its language:
 *     <!-- example: tour, until: settled -->
 *
 * - `sh`: prepares the example; see `readme-example.ts` for the lines it may have.
 * - `yaml`, `js`: a file; its first line is a comment with the path.
 * - `diff`: an edit of the file named by the line `--- path`; the `-` lines become the `+` lines.
 * - `console`: each line `$ command` is run, and the lines below it are what it prints. With `until`, the command
 *   goes on in the background after it printed a line with that text.
 * - `text`: what the command in the background prints next, until that text.
 *
 * In an output, a line `…` stands for lines that are left out.
 */

export interface Block {
  readonly example: string;
  /** Empty: none. */
  readonly until: string;
  readonly language: string;
  readonly body: string;
  /** Where the body stands in the page. */
  readonly offset: number;
}

export interface Step {
  readonly command: string;
  readonly output: readonly string[];
}

export const blocksIn = (page: string): readonly Block[] =>
  [...page.matchAll(fence)].map((match) => {
    const [whole, example = '', until = '', language = '', body = ''] = match;
    return {
      example,
      until,
      language,
      body,
      offset: match.index + whole.length - body.length - closing.length,
    };
  });

export const withBodies = (page: string, bodies: ReadonlyMap<Block, string>): string =>
  [...bodies]
    .toSorted(([left], [right]) => right.offset - left.offset)
    .reduce(
      (text, [{ offset, body }, now]) => text.slice(0, offset) + now + text.slice(offset + body.length),
      page,
    );

export const stepsOf = (body: string): readonly Step[] => {
  const steps: { readonly command: string; readonly output: string[] }[] = [];
  for (const line of linesOf(body)) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] });
    else steps.at(-1)?.output.push(line);
  }
  return steps;
};

/** What is written where it says the same as what was printed; else what was printed, abridged in the same way. */
export const outputFor = (written: readonly string[], printed: readonly string[]): readonly string[] => {
  const head = written.findIndex(isEllipsis);
  const now =
    head < 0 || written.length - 1 > printed.length
      ? printed
      : [
          ...printed.slice(0, head),
          ...written.slice(head, head + 1),
          ...printed.slice(printed.length - (written.length - head - 1)),
        ];
  return now.length === written.length && now.every((line, index) => isSame(line, written[index] ?? ''))
    ? written
    : now;
};

export const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

const closing = '```';
const fence = /^<!-- example: ([a-z-]+)(?:, until: ([^\n]+?))? -->\n```([a-z]+)\n([\s\S]*?)^```/gm;

const isEllipsis = (line: string): boolean => line.trim() === '…';

const isSame = (left: string, right: string): boolean => normal(left) === normal(right);

/** Without what differs from run to run: times, durations, ports, digests, commits, the version. */
const normal = (line: string): string =>
  line
    .replace(/\b\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
    .replace(/^\d{2}:\d{2}:\d{2}\b/, 'TIME')
    .replace(/\bin \d+ ms\b/g, 'in N ms')
    .replace(/\bagain in \d+ s\b/g, 'again in N s')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/sha256:[0-9a-f]{12,64}/g, 'sha256:DIGEST')
    .replace(/\b[0-9a-f]{12}(?= ")/g, 'COMMIT')
    .replace(/holdfast@\d+\.\d+\.\d+/, 'holdfast@VERSION');
