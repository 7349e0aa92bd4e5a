/**
 * The plan as a comment on a pull request. Refused and blocked stand first; the rest is folded, a group for
 * each action. Whatever the plan, the text stays below the limit of such a comment: every group is a table
 * that may lose its last rows, and then says how many. Small groups stay whole; large ones share the room.
 *
 * Everything from a manifest stands in `<code>`, where a forge looks for no mention, issue or link, and every
 * character that Markdown or HTML would act on is an entity.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Rate } from '../ledger/store.js';
import type { Plan, Refusal, Remark, Sendable } from '../plan/plan.js';
import { callsAndTime } from './duration.js';
import { comparedWords, type Compared } from './compared.js';
import {
  blockedWords,
  groupChanges,
  messageWords,
  nameWords,
  noChanges,
  placeWords,
  refusalAdvice,
  releaseWords,
  sendableWords,
  settingWords,
  suspendedWords,
  totals,
  type Groups,
  type SettingWords,
} from './plan-words.js';
import { code, prose } from './markdown.js';
import { showCommit } from './revision.js';
import { shorten } from './safe-text.js';

/** Characters. GitHub takes 65,536 in a comment; the rest is for what a workflow adds around it. */
export const markdownLimit = 60_000;

/** The first line, which nobody sees: by it a workflow finds the comment that it made before. */
export const markdownMark = '<!-- holdfast plan -->';

export interface PlanMarkdownOptions {
  readonly rate: Rate;
  /** The ledger, unless something else is said. */
  readonly compared?: Compared;
}

/** Below `markdownLimit`; ends with a line break. */
export const planMarkdown = (
  plan: Plan,
  { rate, compared = { _tag: 'Ledger' } }: PlanMarkdownOptions,
): string => {
  const head = headOf(plan, rate, compared);
  const groups = groupChanges(plan.changes);
  const sections = [
    refusedSection(plan.refused),
    blockedSection(groups.blocked),
    ...foldedSections(groups),
    notesSection(plan.notes),
  ].filter(({ count }) => count > 0);
  const fixed = sections.reduce(
    (sum, { open, close }) => sum + open.length + close.length + leftOutRoom,
    head.length,
  );
  const wanted = sections.map(({ rows }) => lengthOf(rows));
  const share = fairShare(wanted, markdownLimit - 1 - fixed);
  return [head, ...sections.map((section) => fit(section, share))].join('');
};

/** One table. A row is everything about one conference, so it may be several lines. */
interface Section {
  readonly open: string;
  readonly count: number;
  /** All of them, or as many as fill a whole comment: nobody sees the others. */
  readonly rows: readonly string[];
  readonly close: string;
}

const rowsFor = <Item>(
  items: readonly Item[],
  row: (item: Item) => string,
): Pick<Section, 'count' | 'rows'> => {
  const rows: string[] = [];
  let length = 0;
  for (const item of items) {
    if (length > markdownLimit) break;
    const text = row(item);
    rows.push(text);
    length += text.length;
  }
  return { count: items.length, rows };
};

const headOf = (plan: Plan, rate: Rate, compared: Compared): string => {
  const words = comparedWords(compared);
  const said = words === '' ? '' : `${prose(words)}\n\n`;
  const quiet = noChanges(plan, compared);
  if (O.isSome(quiet)) return `${markdownMark}\n## holdfast: no changes\n\n${said}${quiet.value}\n`;
  const { calls, seconds } = plan.summary;
  const revision = code(O.isSome(plan.commit) ? showCommit(plan.commit.value) : shorten(plan.revision, 100));
  const title = `## holdfast: ${callsAndTime(calls, seconds, rate)}`;
  return `${markdownMark}\n${title}\n\n${said}${totals(plan, compared)}. Revision ${revision}\n`;
};

const refusedSection = (refused: readonly Refusal[]): Section => {
  const rules = [...new Set(refused.map(({ rule }) => rule))].sort();
  const advice = rules.map((rule) => `- \`${rule}\`: ${refusalAdvice(rule)}\n`).join('');
  return {
    open: [
      `\n### Refused: ${refused.length}\n`,
      `An apply sends nothing as long as this stands.\n\n${advice}`,
      table(['conference', 'rule', 'why', 'where']),
    ].join('\n'),
    ...rowsFor(refused, ({ conference, rule, message, at }) =>
      tableRow([code(conference), code(rule), prose(messageWords(message)), code(placeWords(at))]),
    ),
    close: '',
  };
};

const blockedSection = (blocked: Groups['blocked']): Section => {
  const reasons = [...new Set(blocked.map(({ reason }) => reason))].map(
    (reason) => blockedWords[reason].advice,
  );
  return {
    open: `\n### Blocked: ${blocked.length}\n\n${reasons.join(' ')}\n\n${table(['conference', 'why', 'where'])}`,
    ...rowsFor(blocked, (change) =>
      tableRow([whoIs(change), blockedWords[change.reason].why, code(placeWords(change.at))]),
    ),
    close: '',
  };
};

const foldedSections = ({ complete, update, release, suspended }: Groups): readonly Section[] => [
  folded('open', `Complete: ${complete.length}`, settingColumns, rowsFor(complete, sendableRows)),
  folded('closed', `Update: ${update.length}`, settingColumns, rowsFor(update, sendableRows)),
  folded(
    'closed',
    `Release: ${release.length} (${releaseWords})`,
    ['conference', 'where it was'],
    rowsFor(release, (change) => tableRow([whoIs(change), code(placeWords(change.at))])),
  ),
  folded(
    'closed',
    `Suspended: ${suspended.length} (${suspendedWords.replaceAll('`', '')})`,
    ['conference', 'where'],
    rowsFor(suspended, (change) => tableRow([whoIs(change), code(placeWords(change.at))])),
  ),
];

const notesSection = (notes: readonly Remark[]): Section =>
  folded(
    'closed',
    `Notes: ${notes.length}`,
    ['conference', 'note', 'where'],
    rowsFor(notes, ({ conference, message, at }) =>
      tableRow([code(conference), prose(messageWords(message)), code(placeWords(at))]),
    ),
  );

const settingColumns = ['conference', 'setting', 'from', 'to', 'why', 'where'];

/** A line for each setting; the conference stands in the first. */
const sendableRows = (change: Sendable): string => {
  const remark = sendableWords(change);
  const first = `${whoIs(change)}${remark === '' ? '' : `<br>${remark}`}`;
  return change.settings
    .map((setting, index) => settingRow(index === 0 ? first : '', settingWords(setting)))
    .join('');
};

const settingRow = (first: string, { setting, from, to, why, place }: SettingWords): string =>
  tableRow([first, setting, code(from), code(to), why, code(place)]);

const whoIs = ({ conference, name }: Pick<Sendable, 'conference' | 'name'>): string =>
  code([conference, nameWords(name)].filter((part) => part !== '').join(' '));

const folded = (
  state: 'open' | 'closed',
  summary: string,
  columnNames: readonly string[],
  rows: Pick<Section, 'count' | 'rows'>,
): Section => ({
  open: `\n<details${state === 'open' ? ' open' : ''}>\n<summary>${summary}</summary>\n\n${table(columnNames)}`,
  ...rows,
  close: '\n</details>\n',
});

const table = (columnNames: readonly string[]): string =>
  `${tableRow(columnNames)}${tableRow(columnNames.map(() => '---'))}`;

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

/** The rows that fit into so many characters, and how many do not. */
const fit = ({ open, count, rows, close }: Section, room: number): string => {
  const shown: string[] = [];
  let used = 0;
  for (const row of rows) {
    used += row.length;
    if (used > room) break;
    shown.push(row);
  }
  const left = count - shown.length;
  return `${open}${shown.join('')}${left > 0 ? `\n… and ${left} more, left out here.\n` : ''}${close}`;
};

/** Room for the line that says how many rows are left out. */
const leftOutRoom = 60;

/** The largest share such that everybody who wants less gets all of it, and the rest of the room is split evenly. */
const fairShare = (wanted: readonly number[], room: number): number => {
  let left = room;
  for (const [position, want] of wanted.toSorted((one, other) => one - other).entries()) {
    const share = Math.floor(left / (wanted.length - position));
    if (want > share) return share;
    left -= want;
  }
  return room;
};

const lengthOf = (rows: readonly string[]): number => rows.reduce((sum, row) => sum + row.length, 0);
