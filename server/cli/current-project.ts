/** Which project a command means when none is named: the one that the caller's folder lies in. */
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import type { Project } from '../protocol/project.ts';
import type { Invocation } from './invocation.ts';

/** Of nested projects the inner one. */
export function projectContaining(projects: readonly Project[], folder: string): Project | undefined {
  return projects
    .filter(({ path }) => folder === path || folder.startsWith(path.endsWith(sep) ? path : path + sep))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

export async function currentProject(invocation: Invocation): Promise<Project | undefined> {
  const backend = await invocation.backend();
  const { projects } = await backend.call('project/list', {});
  return projectContaining(projects, realFolder(invocation.cwd));
}

/** What `--project` names, else the current project, else a refusal that says how to get one. */
export async function projectReference(invocation: Invocation, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const project = await currentProject(invocation);
  if (project) return project.id;
  throw new AgorError(
    'notFound',
    `No project contains ${invocation.cwd}. Add this folder with "agor project add .", or name a project with --project.`,
  );
}

/** Projects are kept with symbolic links resolved. */
export function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // The folder is gone under the caller: then it is in no project, unless by its old name.
    return folder;
  }
}
