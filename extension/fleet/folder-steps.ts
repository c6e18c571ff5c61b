/**
 * Decides what becomes of the folders of a trusted window. A folder that is a project already keeps the trust that a
 * person gave it or took from it; only granting trust in VS Code gives it back.
 */
import type { Project } from '../../server/protocol/project.ts';

type FolderStep =
  | { readonly kind: 'add'; readonly path: string }
  | { readonly kind: 'trust'; readonly project: Project }
  | { readonly kind: 'leave'; readonly project: Project };

export type FoldersInput = {
  readonly folderPaths: readonly string[];
  readonly projects: readonly Project[];
  /** Folders whose project a person removed. */
  readonly removedPaths: readonly string[];
  readonly isTrustJustGranted: boolean;
};

export function decideFolders({ folderPaths, projects, removedPaths, isTrustJustGranted }: FoldersInput): FolderStep[] {
  return folderPaths
    .filter((path) => !removedPaths.includes(path))
    .map((path) => {
      const project = projects.find((candidate) => candidate.path === path);
      if (!project) return { kind: 'add', path };
      return { kind: isTrustJustGranted && !project.trusted ? 'trust' : 'leave', project };
    });
}
