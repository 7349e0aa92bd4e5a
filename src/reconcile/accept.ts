/**
 * From what the files say now to what is in force. Files are watched while people and programs write them, so
 * that a look may find them broken, cut off, emptied, half moved or gone for a moment.
 *
 * - A broken file, and one that was not seen because a folder could not be read, keeps its last good version.
 *   A version that says less than what is in force is not good before its removals count: a file that is
 *   emptied, then broken, still keeps what it said.
 * - A conference that disappeared from one file and is named in a broken one may have been moved there: it
 *   stays in force until that file can be read.
 * - While a conference is declared in two files, the declaration in force stays (at the first look: the
 *   smaller path). When that one disappears, this is a removal like any other, and the other declaration
 *   waits for it.
 * - Removals wait until the directory is quiet (`hold.ts`); adding and changing does not.
 *
 * Laws: looking again at the same files changes nothing; the order of the files makes no difference; after a
 * complete and quiet look at valid files without duplicates, exactly what they declare is in force.
 */
import type { ConferenceId } from '../conference/id.js';
import type { Declared, Desired } from '../desired/desired.js';
import { duplicateWords } from '../desired/duplicate.js';
import { isBroken } from '../desired/broken-file.js';
import type { ManifestFile } from '../desired/manifest.js';
import { sortProblems } from '../desired/problem-order.js';
import type { Problem } from '../desired/problem.js';
import type { Obstacle } from '../source/observation.js';
import { holdHidden, holdRemovals, type Held } from './hold.js';

export interface Look {
  /** What keeps a later revision from being seen or taken. */
  readonly obstacles: readonly Obstacle[];
  /** The place of everything a file declares begins with the file's path. */
  readonly files: readonly ManifestFile[];
  /** Of the directory and its folders. */
  readonly problems: readonly Problem[];
  /** false: the directory or a folder could not be read, so that an absent file proves nothing. */
  readonly complete: boolean;
  /** These very files were there, unchanged, for the time after which removals count. */
  readonly quiet: boolean;
}

export interface Accepted {
  /** What is in force. */
  readonly desired: Desired;
  /** By path: what counts for a file while it is broken or not to be seen. */
  readonly lastGood: LastGood;
  /** What is in force although it disappeared from the files. */
  readonly held: readonly Held[];
  readonly problems: readonly Problem[];
  readonly obstacles: readonly Obstacle[];
  /**
   * false: there are or may be declarations that were never read, so what only the ledger knows must not be
   * taken for removed. It becomes true at a complete and quiet look with a good version of every file.
   */
  readonly removalsTrusted: boolean;
}

export type LastGood = ReadonlyMap<string, readonly Declared[]>;

/** Before the first look. */
export const nothingAccepted: Accepted = {
  desired: new Map(),
  lastGood: new Map(),
  held: [],
  problems: [],
  obstacles: [],
  removalsTrusted: false,
};

export const accept = (previous: Accepted, look: Look): Accepted => {
  const versions = versionsOf(previous, look);
  const groups = groupById(versions);
  const candidate = candidateOf(previous, groups, look.quiet);
  const { desired, held } = look.quiet
    ? holdHidden(previous.desired, candidate, look.files.filter(isBroken))
    : holdRemovals(previous.desired, candidate);
  return {
    desired,
    held,
    lastGood: nextLastGood(previous, look, versions, desired),
    problems: sortProblems([
      ...look.problems,
      ...look.files.flatMap(({ problems }) => problems),
      ...duplicateProblems(groups, candidate),
    ]),
    obstacles: look.obstacles,
    removalsTrusted: areRemovalsTrusted(previous, look),
  };
};

/** What each file counts for in this look, in the order of the paths. */
const versionsOf = ({ lastGood }: Accepted, { files, complete }: Look): LastGood => {
  const versions = new Map<string, readonly Declared[]>(complete ? [] : lastGood);
  for (const file of files) {
    const declared = isBroken(file) ? lastGood.get(file.path) : file.declared;
    if (declared !== undefined) versions.set(file.path, declared);
  }
  return isInOrder([...versions.keys()])
    ? versions
    : new Map([...versions].sort(([left], [right]) => (left < right ? -1 : 1)));
};

const isInOrder = (paths: readonly string[]): boolean =>
  paths.every((path, index) => index === 0 || (paths[index - 1] ?? '') <= path);

type Groups = ReadonlyMap<ConferenceId, readonly Declared[]>;

const groupById = (versions: LastGood): Groups => {
  const groups = new Map<ConferenceId, Declared[]>();
  for (const all of versions.values())
    for (const declared of all) {
      const group = groups.get(declared.id);
      if (group === undefined) groups.set(declared.id, [declared]);
      else group.push(declared);
    }
  return groups;
};

const candidateOf = (previous: Accepted, groups: Groups, quiet: boolean): Desired => {
  const candidate = new Map<ConferenceId, Declared>();
  for (const [id, group] of groups) {
    const path = previous.desired.get(id)?.at.path;
    const stays = group.find(({ at }) => at.path === path);
    // It already stood elsewhere, too: that the one in force disappeared is then a removal, not a move.
    const waits = (): boolean =>
      !quiet && path !== undefined && group.some((declared) => wasDeclared(previous, declared));
    const chosen = stays ?? (waits() ? undefined : group[0]);
    if (chosen !== undefined) candidate.set(id, chosen);
  }
  return candidate;
};

const wasDeclared = ({ lastGood }: Accepted, { id, at }: Declared): boolean =>
  lastGood.get(at.path)?.some((declared) => declared.id === id) ?? false;

const duplicateProblems = (groups: Groups, candidate: Desired): readonly Problem[] =>
  [...groups].flatMap(([id, group]) => {
    if (group.length === 1) return noProblems;
    const counts = candidate.get(id) ?? group[0];
    const others = group.filter((declared) => declared !== counts);
    return counts === undefined ? [] : others.map((other) => duplicateProblem(other, counts));
  });

const noProblems: readonly Problem[] = [];

const duplicateProblem = (other: Declared, counts: Declared): Problem => {
  const { message, hint } = duplicateWords(other.id, counts.at);
  return {
    at: other.at,
    severity: 'error',
    rule: 'duplicate-conference',
    message: `${message}, and that one counts`,
    hint,
  };
};

/** A file that is gone is remembered for as long as something of it is held. */
const nextLastGood = (previous: Accepted, look: Look, versions: LastGood, desired: Desired): LastGood => {
  const others = groupByPath(othersIn(desired, versions));
  const broken = new Set(look.files.filter(isBroken).map(({ path }) => path));
  const seen = new Set(look.files.map(({ path }) => path));
  const next = new Map<string, readonly Declared[]>();
  for (const [path, declared] of versions) {
    const isGood = seen.has(path) && !broken.has(path);
    const held = others.get(path);
    next.set(path, isGood && held !== undefined ? withInForce(declared, held) : declared);
  }
  for (const path of previous.lastGood.keys()) {
    const held = others.get(path);
    if (!next.has(path) && held !== undefined) next.set(path, held);
  }
  return next;
};

/** What is in force and stands in no file just so: few, if any. */
const othersIn = (desired: Desired, versions: LastGood): readonly Declared[] => {
  const written = new Set<Declared>();
  for (const all of versions.values()) for (const declared of all) written.add(declared);
  return [...desired.values()].filter((declared) => !written.has(declared));
};

const groupByPath = (all: readonly Declared[]): ReadonlyMap<string, readonly Declared[]> => {
  const groups = new Map<string, Declared[]>();
  for (const declared of all) {
    const group = groups.get(declared.at.path);
    if (group === undefined) groups.set(declared.at.path, [declared]);
    else group.push(declared);
  }
  return groups;
};

/** What a file declares, with what is held of it. */
const withInForce = (declared: readonly Declared[], inForce: readonly Declared[]): readonly Declared[] => {
  const byId = new Map(declared.map((one) => [one.id, one]));
  for (const one of inForce) byId.set(one.id, one);
  return [...byId.values()];
};

const areRemovalsTrusted = (
  { lastGood, removalsTrusted }: Accepted,
  { files, complete, quiet }: Look,
): boolean =>
  files.every((file) => !isBroken(file) || lastGood.has(file.path)) &&
  ((complete && quiet) || removalsTrusted);
