/**
 * What in a project the host obeys or runs, and an agent has to be able to write all the same: a change is told and stays.
 * No mount could guard it: it may appear anywhere, or a task may well be to change it.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Difference, differences } from './differences.ts';
import type { FileFacts } from './file-facts.ts';
import { type Scan, type ScanLimits, scanPlaces } from './place-scan.ts';
import { type ProjectPlaces, type WalkLimits, walkProject } from './project-walk.ts';
import { guardedWhenThere } from './protected.ts';

export type WatchedPlaces = {
  readonly obeyed: Scan;
  readonly places: ProjectPlaces;
  readonly repositories: Scan;
  readonly programs: Scan;
};

/** Read by other agents as what the person wants, or by tools as what they shall run, without asking. */
const obeyedNames = [
  'AGENTS.md',
  'CLAUDE.md',
  'GEMINI.md',
  '.cursorrules',
  '.clinerules',
  '.windsurfrules',
  '.github/copilot-instructions.md',
  '.pre-commit-config.yaml',
  'lefthook.yml',
  '.envrc',
  '.npmrc',
  '.yarnrc.yml',
  '.pnpmfile.cjs',
];
/** What of a repository makes git run something. */
const repositoryParts = ['config', 'config.worktree', 'commondir', 'hooks'];

const scanLimits: ScanLimits = { entries: 2_000, fileBytes: 262_144, keptBytes: 0, milliseconds: 200 };
const walkLimits: WalkLimits = { entries: 100_000, folderEntries: 5_000, depth: 6, milliseconds: 300 };

export async function lookAtWatched(projectDir: string, files: FileFacts): Promise<WatchedPlaces> {
  const places = await walkProject(projectDir, walkLimits);
  const named = files.names(projectDir).filter((name) => guardedWhenThere.test(name));
  const parts = places.repositories.flatMap((path) =>
    files.kind(path) === 'folder' ? repositoryParts.map((part) => join(path, part)) : [path],
  );
  return {
    obeyed: await scanPlaces(
      [...obeyedNames, ...named].map((name) => join(projectDir, name)),
      scanLimits,
    ),
    places,
    repositories: await scanPlaces(parts, scanLimits),
    programs: await scanPlaces(places.programs, scanLimits),
  };
}

/** Outermost places first. */
export function watchedDifferences(before: WatchedPlaces, after: WatchedPlaces): Difference[] {
  const fresh = after.places.repositories.filter((path) => isNew(path, before.places));
  const inFresh = (path: string) => fresh.some((repository) => path === repository || path.startsWith(join(repository, '/')));
  return [
    ...differences(before.obeyed, after.obeyed),
    ...fresh.map((path): Difference => ({ path, change: 'added', before: null })),
    ...differences(before.repositories, after.repositories).filter(({ path }) => !inFresh(path)),
    ...programDifferences(before, after),
  ];
}

/** What the first look did not get to may have been there already, and its age tells. */
function isNew(path: string, { repositories, isWhole, takenAt }: ProjectPlaces): boolean {
  if (repositories.includes(path)) return false;
  return isWhole || (lstatSync(path, { throwIfNoEntry: false })?.birthtimeMs ?? 0) >= takenAt;
}

/** An install changes all of them at once, so the folder stands for what is in it. */
function programDifferences(before: WatchedPlaces, after: WatchedPlaces): Difference[] {
  const changed = differences(before.programs, after.programs);
  const roots = [...new Set([...before.places.programs, ...after.places.programs])];
  return roots.flatMap((root) => {
    const inside = changed.filter(({ path }) => path === root || path.startsWith(join(root, '/')));
    const kinds = new Set(inside.map(({ change }) => change));
    const [only] = kinds;
    return only === undefined ? [] : [{ path: root, change: kinds.size === 1 ? only : 'changed', before: null }];
  });
}
