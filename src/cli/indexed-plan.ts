/**
 * The plan of a directory by what an index beside the state remembers: files that have not changed are not
 * read, and as long as the ledger has not changed either, conferences that are as declared are not loaded.
 *
 * Laws: the plan is the one that is made without an index, byte for byte; an index that is damaged, missing or
 * cannot be written makes no difference but in time.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { ConferenceId } from '../conference/id.js';
import { combine } from '../desired/combine.js';
import type { ManifestFile } from '../desired/manifest.js';
import { isError } from '../desired/problem.js';
import type { LearnedBudget } from '../ledger/store.js';
import { makePlan, makePlanOfSome } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { marksIn, type Mark } from '../plan/quiet.js';
import { knownTo } from '../plan/safety.js';
import { fileAt, knownPositions, revisionSeen, type WholeIndex } from '../source/index-content.js';
import { decodeMarked } from '../source/index-declared.js';
import type { Index } from '../source/index-format.js';
import { lookWithIndex, type IndexLook, type Keep } from '../source/index-look.js';
import { isWorthWriting, saveIndex } from '../source/index-write.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';
import { indexBeside, loadSeen, wholeOf, withIndex } from './indexed-load.js';
import { decodeMemo, encodeMemo, type Memo } from './index-memo.js';
import { loudInput } from './loud-input.js';
import { inputFrom, loadLedger, nobodyAsked, rulesOf, warn } from './plan-input.js';
import { contentOf, isRemembered, recordsOf, stampNow, type StateMarks } from './state-marks.js';

export interface Planned {
  readonly plan: Plan;
  /** What the API granted when it was last asked for more. */
  readonly budget: O.Option<LearnedBudget>;
}

type Result = E.Either<CommandError, Planned>;

interface Job {
  readonly directory: string;
  readonly config: CommonConfig;
  readonly context: Context;
  readonly indexPath: string;
}

export const indexedPlan =
  (directory: string, config: CommonConfig, context: Context): TE.TaskEither<CommandError, Planned> =>
  () => {
    const indexPath = indexBeside(config.state);
    const job: Job = { directory, config, context, indexPath };
    return withIndex(indexPath, context.version, (index, keep) => planWith(index, keep, job));
  };

/** undefined: the index cannot tell. */
const planWith = async (index: Index | undefined, keep: Keep, job: Job): Promise<Result | undefined> => {
  const { directory, context } = job;
  const look = await lookWithIndex(directory, index, context.clock.now, keep);
  const some = index === undefined ? undefined : await planOfSome(look, index, job);
  if (some !== undefined) return some;
  const whole = wholeOf(index);
  if (index !== undefined && whole === undefined) return undefined;
  return (await planOfLoud(look, whole, job)) ?? planOfAll(look, index, whole, job);
};

/** undefined: something is wrong somewhere, which only a look at everything tells in full. */
const planOfLoud = async (
  look: IndexLook,
  whole: WholeIndex | undefined,
  job: Job,
): Promise<Result | undefined> => {
  const { config, context } = job;
  const stamp = stampNow(config.state, context.clock.now);
  const loud = await loudInput(look, whole, config.state, rulesOf(config));
  if (O.isNone(loud)) return undefined;
  const { desired, records, quiet, marks, problems, budget, content } = loud.value;
  warn(problems, context);
  const revision = revisionSeen(look, whole?.index);
  const input = inputFrom({ revision, commit: O.none, desired, problems }, { records }, nobodyAsked, config);
  const plan = makePlanOfSome(input, quiet);
  if (isNews(look, whole?.index, { stamp, content })) {
    const base = { stamp, content, known: knownTo(records), budget };
    save(job, look, whole, revision, base, (id) => marks.get(id) ?? 'loud');
  }
  return E.right({ plan, budget });
};

const planOfAll = async (
  look: IndexLook,
  index: Index | undefined,
  whole: WholeIndex | undefined,
  job: Job,
): Promise<Result | undefined> => {
  const { config, context } = job;
  const loaded = await loadSeen(look, index, whole);
  if (loaded === undefined || E.isLeft(loaded)) return loaded;
  warn(loaded.right.problems, context);
  // Before the records: what changes meanwhile makes them younger than this, which only costs a look at them.
  const state = { stamp: stampNow(config.state, context.clock.now), content: await contentOf(config.state) };
  const stored = await loadLedger(config.state)();
  if (E.isLeft(stored)) return stored;
  const { records, facts } = stored.right;
  const input = inputFrom(loaded.right, { records }, nobodyAsked, config);
  const plan = makePlan(input);
  if (isNews(look, index, state)) {
    const markOf = marksIn(plan, input);
    const base = { ...state, known: knownTo(records), budget: facts.budget };
    save(job, look, whole, plan.revision, base, (id) => markOf(id));
  }
  return E.right({ plan, budget: facts.budget });
};

const isNews = (look: IndexLook, index: Index | undefined, state: StateMarks): boolean =>
  index === undefined || isWorthWriting(look, index) || !isRemembered(decodeMemo(index.memo), state);

/** undefined: all of them are needed, or there is something wrong, which only a look at everything tells in full. */
const planOfSome = async (look: IndexLook, index: Index, job: Job): Promise<Result | undefined> => {
  const { config, context } = job;
  const memo = decodeMemo(index.memo);
  if (O.isNone(memo) || look.unreadable.size > 0 || look.unlisted.length > 0) return undefined;
  const { content } = memo.value;
  const stamp = stampNow(config.state, context.clock.now);
  // A file that is as it was need not be opened; beside a daemon it never is, but its content is.
  const isStill = isRemembered(memo, { stamp, content: '' });
  if (!isStill && !isRemembered(memo, { stamp, content: await contentOf(config.state) })) return undefined;
  const scope = await scopeOf(look, index, memo.value);
  if (scope === undefined || scope.conferences.size > mostLoadedByName) return undefined;
  const { desired, problems } = combine(scope.files);
  if (problems.some(isError)) return undefined;
  const records = await recordsOf([...scope.conferences], content, config.state);
  if (records === undefined) return undefined;
  warn(problems, context);
  const revision = revisionSeen(look, index);
  const input = inputFrom(
    {
      revision,
      commit: O.none,
      desired: new Map([...desired].filter(([id]) => scope.conferences.has(id))),
      problems,
    },
    { records },
    nobodyAsked,
    config,
  );
  const plan = makePlanOfSome(input, scope.quiet);
  const budget = O.fromNullable(memo.value.budget);
  const isSaved = isWorthWriting(look, index) || (!isStill && stamp !== '');
  const whole = isSaved ? (scope.whole ?? wholeOf(index)) : undefined;
  if (whole !== undefined) {
    const markOf = marksIn(plan, input);
    const base = { stamp, content, known: knownTo(records), budget };
    save(job, look, whole, revision, base, (id, before) =>
      scope.conferences.has(id) ? markOf(id) : O.getOrElse((): Mark => 'loud')(before),
    );
  }
  return E.right({ plan, budget });
};

/** So many by name cost as much as all. */
const mostLoadedByName = 5_000;

interface Scope {
  /** Of whom nothing may be taken for granted. */
  readonly conferences: ReadonlySet<ConferenceId>;
  /** Every file that declares one of them. */
  readonly files: readonly ManifestFile[];
  /** Everybody else. */
  readonly quiet: { readonly known: number; readonly unknown: number };
  /** undefined: nothing has changed, and nothing had to be read. */
  readonly whole: WholeIndex | undefined;
}

const scopeOf = async (look: IndexLook, index: Index, memo: Memo): Promise<Scope | undefined> => {
  const parsed = [...look.read.values()].flatMap(({ content }) =>
    content._tag === 'Parsed' ? [content] : [],
  );
  const positions = knownPositions(look);
  const isAsBefore = parsed.length === 0 && positions.length === index.entries;
  if (isAsBefore && memo.loud === 0 && memo.outside.length === 0) {
    const quiet = { known: memo.quiet, unknown: memo.fresh };
    return { conferences: new Set(), files: [], quiet, whole: undefined };
  }
  const whole = wholeOf(index);
  if (whole === undefined) return undefined;
  const isKnown = new Uint8Array(index.entries);
  for (const position of positions) isKnown[position] = 1;
  const conferences = new Set<ConferenceId>(memo.outside);
  const still = new Set<ConferenceId>();
  for (const { reused } of parsed) for (const [id, mark] of reused) if (mark !== marks.loud) still.add(id);
  for (const { file, reused } of parsed)
    for (const { id } of file.seen === undefined ? file.declared : file.seen.ids)
      if (!still.has(id) || !reused.has(id)) conferences.add(id);
  whole.rest.ids.forEach((line, position) => {
    const isGone = isKnown[position] !== 1;
    if (!isGone && !line.includes(marks.loud)) return;
    for (const { mark, id } of decodeMarked(line))
      if (mark === marks.loud || (isGone && !still.has(id))) conferences.add(id);
  });
  const files = parsed.map(({ file }) => file);
  return scopeAround(look.directory, conferences, files, whole, isKnown, memo);
};

/** With everything that stands in a file beside them. */
const scopeAround = async (
  directory: string,
  conferences: ReadonlySet<ConferenceId>,
  parsed: readonly ManifestFile[],
  whole: WholeIndex,
  isKnown: Uint8Array,
  memo: Memo,
): Promise<Scope | undefined> => {
  const files = [...parsed];
  const names: ReadonlySet<string> = conferences;
  let known = memo.quiet;
  let unknown = memo.fresh;
  for (const [position, line] of whole.rest.ids.entries()) {
    if (!isAnyNamed(line, names)) continue;
    const named = decodeMarked(line).filter(({ id }) => conferences.has(id));
    known -= named.filter(({ mark }) => mark === marks.quiet).length;
    unknown -= named.filter(({ mark }) => mark === marks.fresh).length;
    if (isKnown[position] !== 1) continue;
    const file = await fileAt(directory, whole, position);
    if (file === undefined) return undefined;
    files.push(file);
  }
  return { conferences, files, quiet: { known, unknown }, whole };
};

/** Most lines name one conference, and most of them nobody who is asked for. */
const isAnyNamed = (line: string, names: ReadonlySet<string>): boolean =>
  line.includes(' ') ? line.split(' ').some((word) => names.has(word.slice(1))) : names.has(line.slice(1));

/** No character of an id. */
const marks: Readonly<Record<Mark, string>> = { quiet: '=', fresh: '+', loud: '!' };

const markNamed = (sign: string): Mark =>
  sign === marks.quiet ? 'quiet' : sign === marks.fresh ? 'fresh' : 'loud';

interface Remembered extends StateMarks {
  /** To the ledger, of those that were looked at. */
  readonly known: readonly ConferenceId[];
  readonly budget: O.Option<LearnedBudget>;
}

const save = (
  { indexPath, context }: Job,
  look: IndexLook,
  whole: WholeIndex | undefined,
  revision: string,
  { stamp, content, known, budget }: Remembered,
  markOf: (conference: ConferenceId, before: O.Option<Mark>) => Mark,
): void => {
  const counts = { quiet: 0, fresh: 0, loud: 0 };
  const outside = new Set(known);
  saveIndex(indexPath, context.version, look, whole, {
    revision,
    markOf: (conference, before) => {
      const mark = markOf(conference, O.map(markNamed)(before));
      counts[mark] += 1;
      outside.delete(conference);
      return marks[mark];
    },
    memo: () =>
      encodeMemo({
        stamp,
        content,
        ...counts,
        outside: [...outside],
        budget: O.toNullable(budget),
      }),
  });
};
