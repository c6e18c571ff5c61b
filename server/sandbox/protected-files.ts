/**
 * What the host runs or trusts in a project, as it is before a turn and after it. Inside a fence that keeps it from being
 * written only what no fence can keep is looked at; where there is none, all of it, and a change is put back.
 */
import { join, relative } from 'node:path';
import { visibleJson } from '../base/visible-json.ts';
import { type Difference, differences } from './differences.ts';
import { type FileFacts, fileFacts } from './file-facts.ts';
import { gitLayout } from './git-layout.ts';
import { type Scan, type ScanLimits, scanPlaces } from './place-scan.ts';
import { protectedPaths } from './protected.ts';
import { putBack } from './put-back.ts';
import { trackedFiles } from './tracked-files.ts';
import { lookAtWatched, type WatchedPlaces, watchedDifferences } from './watched-places.ts';

export type ProtectedChange = {
  /** Below the project, absolute outside of it; what would not be seen stands as its escape. */
  readonly path: string;
  readonly change: Difference['change'];
  /** It is as it was again; what it had become lies in `asideDir`. */
  readonly restored: boolean;
};

export type LookOptions = {
  /** Whether a fence keeps the guarded places from being written. */
  readonly isFenced: boolean;
  /** Where what is put back is kept as it had become; nothing that an agent can see. */
  readonly asideDir: string;
  readonly homeDir: string;
  /** Where the person wants no fence, what the agent changes stays. */
  readonly onlyTells?: boolean;
  readonly files?: FileFacts;
};

export type ProtectedSnapshot = {
  readonly projectDir: string;
  readonly options: LookOptions;
  readonly roots: readonly string[];
  readonly guarded: Scan;
  /** Git can bring these back, so they are only told. */
  readonly tracked: ReadonlySet<string>;
  readonly watched: WatchedPlaces;
};

const limits: ScanLimits = { entries: 4_000, fileBytes: 1_048_576, keptBytes: 16_777_216, milliseconds: 500 };
const maxTold = 200;

/** Takes about as long as it takes to list the folders of a small project, and never more than a second or two. */
export async function snapshotProtected(projectDir: string, options: LookOptions): Promise<ProtectedSnapshot> {
  const files = options.files ?? fileFacts;
  const real = files.realPath(projectDir) ?? projectDir;
  const roots = [...(options.isFenced ? [] : guardedRoots(real, files)), ...plantable(real, files)];
  const names = roots.map((path) => relative(real, path)).filter((name) => !name.startsWith('.git/') && !name.startsWith('..'));
  return {
    projectDir: real,
    options,
    roots,
    guarded: await scanPlaces(roots, limits),
    // Asking git takes longer than all else, and only tells what is not to be put back.
    tracked: names.length === 0 || options.onlyTells ? new Set() : await trackedFiles(real, names, options.homeDir),
    watched: await lookAtWatched(real, files),
  };
}

/** Puts back what can be put back, and tells all of it. */
export async function compareProtected(snapshot: ProtectedSnapshot): Promise<ProtectedChange[]> {
  const { projectDir, options, roots, guarded, watched } = snapshot;
  const changed = differences(guarded, await scanPlaces(roots, limits));
  const told = watchedDifferences(watched, await lookAtWatched(projectDir, options.files ?? fileFacts));
  const all = [
    ...changed.map((difference) => toldChange(difference, snapshot, isRestored(difference, snapshot))),
    ...told.map((difference) => toldChange(difference, snapshot, false)),
  ];
  const byPath = new Map(all.reverse().map((change) => [change.path, change]));
  return [...byPath.values()].reverse().slice(0, maxTold);
}

function isRestored({ path, before }: Difference, { projectDir, options, tracked }: ProtectedSnapshot): boolean {
  return !options.onlyTells && !tracked.has(relative(projectDir, path)) && putBack(path, before, options.asideDir);
}

function toldChange({ path, change }: Difference, { projectDir }: ProtectedSnapshot, restored: boolean): ProtectedChange {
  const below = relative(projectDir, path);
  const shown = below.startsWith('..') ? path : below;
  return { path: visibleJson(JSON.stringify(shown)).slice(1, -1), change, restored };
}

function guardedRoots(projectDir: string, files: FileFacts): string[] {
  return protectedPaths(projectDir, files).map(({ path }) => path);
}

/**
 * Files that change whose configuration git reads, where there are none yet: a fence cannot keep a place free for them,
 * because git takes anything else in that place for damage.
 */
function plantable(projectDir: string, files: FileFacts): string[] {
  const layout = gitLayout(projectDir, files);
  if (layout === null) return [];
  return ['commondir', 'config.worktree'].map((name) => join(layout.gitDir, name)).filter((path) => files.kind(path) === null);
}
