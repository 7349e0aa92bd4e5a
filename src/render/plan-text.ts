/**
 * The plan for people at a terminal. What matters most stands last, next to the prompt: what is blocked or
 * refused, then the totals. Colours only repeat what the signs and words say.
 *
 * Invariants: nothing from a manifest moves the cursor; a long plan ends with the same lines as a short one.
 */
import type { Colors, Formatter } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import type { Rate } from '../ledger/store.js';
import type { Change, Plan, Refusal, Remark, Sendable } from '../plan/plan.js';
import { comparedWords, type Compared } from './compared.js';
import { leftOut, listed, shownAtFirst } from './listed.js';
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
  workWords,
  type Groups,
  type SettingWords,
} from './plan-words.js';
import { showCommit } from './revision.js';
import { columns, safeText } from './safe-text.js';

export interface PlanTextOptions {
  readonly rate: Rate;
  /** What the API granted when it was last asked for more; none: as much as is asked for. Calls per second. */
  readonly granted: O.Option<number>;
  /** The ledger, unless something else is said. */
  readonly compared?: Compared;
  /** Show every change. Otherwise a group shows its first 200. */
  readonly full: boolean;
}

/** Ends with a line break. */
export const planText = (plan: Plan, colors: Colors, options: PlanTextOptions): string =>
  [...planTextPieces(plan, colors, options)].join('');

/** The same text, line by line. */
export function* planTextPieces(plan: Plan, colors: Colors, options: PlanTextOptions): Generator<string> {
  const limit = options.full ? Number.POSITIVE_INFINITY : shownAtFirst;
  const blocks = [
    ...changeBlocks(groupChanges(plan.changes), colors, limit),
    noteBlock(plan.notes, colors, limit),
    refusedBlock(plan.refused, colors, limit),
    summaryBlock(plan, colors, options),
  ];
  let between = '';
  for (const block of blocks) {
    let before = between;
    for (const line of block) {
      yield `${before}${line}\n`;
      before = '';
      between = '\n';
    }
  }
}

type Lines = readonly string[];

const changeBlocks = (groups: Groups, colors: Colors, limit: number): readonly Iterable<string>[] => [
  listed(groups.complete, limit, (change) => sendableLines(change, colors)),
  listed(groups.update, limit, (change) => sendableLines(change, colors)),
  listed(groups.release, limit, (change) => [
    headLine(change, [releaseWords, placeWords(change.at)], colors),
  ]),
  listed(groups.suspended, limit, (change) => [
    headLine(change, [suspendedWords, placeWords(change.at)], colors),
  ]),
  listed(groups.blocked, limit, (change) => {
    const { why, advice } = blockedWords[change.reason];
    return [headLine(change, [why, placeWords(change.at)], colors), `    ${advice}`];
  }),
];

const sendableLines = (change: Sendable, colors: Colors): Lines => [
  headLine(change, [sendableWords(change)], colors),
  ...settingLines(change.settings.map(settingWords), colors),
];

const looks = {
  Complete: { sign: '-', action: 'complete', color: 'red' },
  Update: { sign: '~', action: 'update', color: 'yellow' },
  Release: { sign: '.', action: 'release', color: 'blue' },
  Suspended: { sign: '=', action: 'suspended', color: 'blue' },
  Blocked: { sign: '!', action: 'blocked', color: 'red' },
} as const;

/** `~ update     conf-1  "Weekly all-hands"  and what else there is to say`. */
const headLine = (change: Exclude<Change, { _tag: 'None' }>, remarks: Lines, colors: Colors): string => {
  const { sign, action, color } = looks[change._tag];
  const parts = [
    `${colors[color](`${sign} ${action}`)}${' '.repeat(9 - action.length)}`,
    colors.bold(change.conference),
    nameWords(change.name),
    ...remarks.map((remark) => paint(colors.dim, remark)),
  ];
  return parts.filter((part) => part !== '').join('  ');
};

/** One line a setting, in columns. A long value pushes aside its own line only. */
const settingLines = (rows: readonly SettingWords[], colors: Colors): Lines => {
  const padTo = (column: keyof SettingWords): ((row: SettingWords) => string) => {
    const widths = rows.map((row) => columns(row[column])).filter((width) => width <= alignedColumns);
    const widest = Math.max(0, ...widths);
    return (row) => ' '.repeat(Math.max(0, widest - columns(row[column])));
  };
  const [setting, from, to, why] = [padTo('setting'), padTo('from'), padTo('to'), padTo('why')];
  return rows.map((row) =>
    [
      `    ${row.setting}${setting(row)}  `,
      `${colors.red(row.from)}${from(row)} -> ${colors.green(row.to)}${to(row)}  `,
      `${row.why}${why(row)}  ${paint(colors.dim, row.place)}`,
    ]
      .join('')
      .trimEnd(),
  );
};

const alignedColumns = 26;

function* noteBlock(notes: readonly Remark[], colors: Colors, limit: number): Generator<string> {
  if (notes.length === 0) return;
  yield colors.bold('Notes');
  yield* listed(notes, limit, ({ conference, message, at }) => [
    `  ${colors.bold(conference)}: ${messageWords(message)}  ${paint(colors.dim, placeWords(at))}`.trimEnd(),
  ]);
}

const refusedBlock = (refused: readonly Refusal[], colors: Colors, limit: number): Lines => {
  if (refused.length === 0) return [];
  const shown = refused.slice(0, limit);
  return [
    colors.red(colors.bold(`Refused: ${refused.length} (an apply sends nothing as long as this stands)`)),
    ...Object.entries(RNEA.groupBy(reasonOf)(shown)).flatMap(([reason, offenders]) =>
      refusalLines(reason, offenders, colors),
    ),
    ...leftOut(refused.length - shown.length),
  ];
};

const reasonOf = ({ rule, message }: Refusal): string => `${rule}: ${messageWords(message)}`;

/** Everybody who is refused for one reason, and what to do about it. */
const refusalLines = (
  reason: string,
  offenders: RNEA.ReadonlyNonEmptyArray<Refusal>,
  colors: Colors,
): Lines => [
  `  ${colors.red(reason)}`,
  ...offenders.map(({ conference, at }) =>
    `    ${colors.bold(conference)}  ${paint(colors.dim, placeWords(at))}`.trimEnd(),
  ),
  `    ${refusalAdvice(offenders[0].rule)}`,
];

const summaryBlock = (plan: Plan, colors: Colors, options: PlanTextOptions): Lines => {
  const compared = options.compared ?? { _tag: 'Ledger' };
  const words = comparedWords(compared);
  const said = words === '' ? [] : [words];
  const quiet = noChanges(plan, compared);
  if (O.isSome(quiet)) return [...said, `${colors.bold(colors.green('No changes.'))} ${quiet.value}`];
  return [
    ...said,
    colors.dim(`Revision ${O.isSome(plan.commit) ? showCommit(plan.commit.value) : safeText(plan.revision)}`),
    `${colors.bold('Plan:')} ${totals(plan, compared)}`,
    workWords(plan, options),
  ];
};

// An empty text must stay empty, or the escapes for its colour would count as something to show.
const paint = (formatter: Formatter, text: string): string => (text === '' ? '' : formatter(text));
