/**
 * The manifests of a commit. A blob that was read is not read again for as long as it may come back: what it
 * declares is remembered by the blob's name, which says what is in it.
 */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { largestManifestBytes, tooLarge } from '../../desired/broken-file.js';
import { readManifestBytes } from '../../desired/manifest-bytes.js';
import type { ManifestFile } from '../../desired/manifest.js';
import { readManifest } from '../../desired/read-manifest.js';
import { shownPath, unreadableFile } from '../scan-problems.js';
import type { Clone } from './clone.js';
import type { GitFailure } from './git-failure.js';
import { showName, type Listed, type RawName } from './git-tree.js';
import type { LinkTarget } from './link-target.js';
import { makeRecent, type Recent } from './recent.js';
import { submoduleProblem } from './repository-problems.js';

export interface RevisionFiles {
  readonly has: (sha: string, folder: string) => TE.TaskEither<GitFailure, boolean>;
  /** none: the commit has no such folder. The empty folder is the root. */
  readonly read: (
    sha: string,
    folder: string,
  ) => TE.TaskEither<GitFailure, O.Option<readonly ManifestFile[]>>;
}

export const makeRevisionFiles = (clone: Pick<Clone, 'list' | 'follow' | 'read'>): RevisionFiles => {
  const known: Recent<ManifestFile> = makeRecent(keptBytes);
  return {
    has: (sha, folder) => pipe(clone.list(sha, folder), TE.map(O.isSome)),
    read: (sha, folder) =>
      pipe(
        clone.list(sha, folder),
        TE.chain((listed) =>
          O.isNone(listed)
            ? TE.right(O.none)
            : pipe(
                clone.follow(sha, folder, listed.value.links),
                TE.chain((targets) => readAll(clone, known, sourcesOf(folder, listed.value, targets))),
                TE.map((files) => O.some([...files, ...submodules(folder, listed.value)].sort(byPath))),
              ),
        ),
      ),
  };
};

/** Bytes of manifests, besides those of the commit that was read last: a commit is often taken back. */
const keptBytes = 8 * 1024 * 1024;

type Source =
  | { readonly _tag: 'Blob'; readonly path: string; readonly blob: string; readonly bytes: number }
  | { readonly _tag: 'Told'; readonly file: ManifestFile };

const sourcesOf = (
  folder: string,
  { manifests, links }: Listed,
  targets: readonly LinkTarget[],
): readonly Source[] => [
  ...manifests.map(({ name, blob, bytes }) => blobSource(pathOf(folder, name), blob, bytes)),
  ...links.flatMap((link, index): readonly Source[] => {
    const target = targets[index];
    const path = pathOf(folder, link);
    if (target === undefined)
      return [{ _tag: 'Told', file: unreadableFile(path, 'nobody knows where the symbolic link leads') }];
    if (target._tag === 'Folder') return [];
    return target._tag === 'File'
      ? [blobSource(path, target.blob, target.bytes)]
      : [{ _tag: 'Told', file: unreadableFile(path, target.why) }];
  }),
];

const blobSource = (path: string, blob: string, bytes: number): Source =>
  bytes > largestManifestBytes ? { _tag: 'Told', file: tooLarge(path) } : { _tag: 'Blob', path, blob, bytes };

const pathOf = (folder: string, name: RawName): string => shownPath(folder, showName(name));

const readAll = (
  clone: Pick<Clone, 'read'>,
  known: Recent<ManifestFile>,
  sources: readonly Source[],
): TE.TaskEither<GitFailure, readonly ManifestFile[]> => {
  const blobs = sources.flatMap((source) => (source._tag === 'Blob' ? [source.blob] : []));
  const missing = new Map(
    sources.flatMap((source) =>
      source._tag === 'Blob' && known.get(source.blob) === undefined
        ? [[source.blob, source.path] as const]
        : [],
    ),
  );
  return pipe(
    clone.read([...missing.keys()], (blob, content) => {
      known.set(blob, readManifestBytes(missing.get(blob) ?? '', content), content.length);
    }),
    TE.map(() => sources.map((source) => fileOf(source, known))),
    TE.chainFirstIOK(() => () => {
      known.keep(blobs);
    }),
  );
};

const fileOf = (source: Source, known: Recent<ManifestFile>): ManifestFile => {
  if (source._tag === 'Told') return source.file;
  const { path, blob, bytes } = source;
  const file = known.get(blob);
  if (file === undefined) return unreadableFile(path, 'the repository does not have its content');
  if (file.path === path) return file;
  const moved = moveTo(path, file);
  known.set(blob, moved, bytes);
  return moved;
};

/**
 * The same content under another name: every place in it is another. What is known of bytes that are no text is not
 * enough to read it again.
 */
const moveTo = (path: string, file: ManifestFile): ManifestFile =>
  file.seen === undefined || file.problems.some(({ rule }) => rule === 'invalid-utf8')
    ? renamed(file, path)
    : readManifest(path, file.seen.text);

const renamed = (file: ManifestFile, path: string): ManifestFile => ({
  ...file,
  path,
  problems: file.problems.map((problem) => ({ ...problem, at: { ...problem.at, path } })),
  ...(file.seen === undefined
    ? {}
    : {
        seen: { ...file.seen, ids: file.seen.ids.map(({ id, at }) => ({ id, at: { ...at, path } })) },
      }),
});

const submodules = (folder: string, { submodules: names }: Listed): readonly ManifestFile[] =>
  names.map((name) => {
    const path = pathOf(folder, name);
    return { path, declared: [], problems: [submoduleProblem(path)] };
  });

const byPath = (left: ManifestFile, right: ManifestFile): number =>
  left.path < right.path ? -1 : left.path > right.path ? 1 : 0;
