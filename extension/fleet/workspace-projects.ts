/**
 * Makes the folders of a trusted window into projects, and gives a project that has no agent its demo agent. What a
 * person took out again is remembered and not put back.
 */
import { realpathSync } from 'node:fs';
import { type Disposable, type LogOutputChannel, type Memento, workspace } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import type { Project } from '../../server/protocol/project.ts';
import type { Backend } from '../backend/backend.ts';
import type { Fleet } from './fleet.ts';
import { agentsOf } from './fleet-model.ts';
import { decideFolders } from './folder-steps.ts';

export type WorkspaceProjectsDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly log: LogOutputChannel;
  /** Of this workspace. */
  readonly workspaceState: Memento;
  /** Of all windows. */
  readonly globalState: Memento;
  readonly addsDemoAgent: () => boolean;
};

const removedFoldersKey = 'removedFolders';
const demoAddedKey = 'demoAgentAddedTo';

export class WorkspaceProjects {
  readonly #deps: WorkspaceProjectsDeps;
  readonly #realPaths = new Map<string, string>();
  #isTrustJustGranted = false;

  constructor(deps: WorkspaceProjectsDeps) {
    this.#deps = deps;
  }

  follow(): Disposable[] {
    const { fleet } = this.#deps;
    return [
      fleet.onDidLoad(() => this.#addFolders()),
      workspace.onDidChangeWorkspaceFolders(() => this.#addFolders()),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.#isTrustJustGranted = true;
        void this.#addFolders();
      }),
    ];
  }

  /** Folders on disk of this window, symbolic links resolved, as projects name theirs. */
  folderPaths(): string[] {
    return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => this.#realPath(uri.fsPath));
  }

  /** Folders of this window that are no projects yet. */
  missingFolders(): string[] {
    const known = new Set(this.#deps.fleet.state.projects.map((project) => project.path));
    return this.folderPaths().filter((path) => !known.has(path));
  }

  /** `trusted: true` trusts a folder that is a project already too, so it is only for what a person asked for. */
  async add(path: string, trusted: boolean | undefined): Promise<Project> {
    const project = await this.#deps.backend.call('project/add', trusted === undefined ? { path } : { path, trusted });
    await this.#rememberRemoved(this.#removedFolders().filter((removed) => removed !== project.path));
    await this.#addDemoAgent(project);
    return project;
  }

  async remove(project: Project): Promise<void> {
    await this.#deps.backend.call('project/remove', { project: project.id });
    await this.#rememberRemoved([...new Set([...this.#removedFolders(), project.path])]);
  }

  async #addFolders(): Promise<void> {
    if (!workspace.isTrusted) return;
    const { backend, fleet } = this.#deps;
    // Only the lists tell which folders are projects already; once they are read this is called again.
    if (!fleet.state.isLoaded || backend.connection.phase !== 'connected') return backend.start();
    const { projects } = fleet.state;
    const isTrustJustGranted = this.#isTrustJustGranted;
    this.#isTrustJustGranted = false;
    const input = { folderPaths: this.folderPaths(), projects, removedPaths: this.#removedFolders(), isTrustJustGranted };
    for (const step of decideFolders(input)) {
      try {
        if (step.kind === 'add') await this.add(step.path, true);
        if (step.kind === 'trust') await backend.call('project/trust', { project: step.project.id, trusted: true });
        if (step.kind !== 'add') await this.#addDemoAgent(step.project);
      } catch (error) {
        // Nobody asked for this, so it is not worth a message: the welcome view offers to add the folder.
        const path = step.kind === 'add' ? step.path : step.project.path;
        this.#deps.log.warn(`${path} was not added: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** Once for each project; it is a program that starts with the first prompt. */
  async #addDemoAgent(project: Project): Promise<void> {
    const { backend, fleet, globalState, addsDemoAgent } = this.#deps;
    const added = globalState.get<string[]>(demoAddedKey, []);
    if (!addsDemoAgent() || added.includes(project.id) || agentsOf(fleet.state, project.id).length > 0) return;
    try {
      await backend.call('agent/add', { project: project.id, name: 'demo', provider: 'demo' });
    } catch (error) {
      // Another window of the same folder was quicker.
      if (!(error instanceof AgorError && error.code === 'conflict')) throw error;
    }
    await globalState.update(demoAddedKey, [...added, project.id]);
  }

  #removedFolders(): string[] {
    return this.#deps.workspaceState.get<string[]>(removedFoldersKey, []);
  }

  async #rememberRemoved(paths: string[]): Promise<void> {
    await this.#deps.workspaceState.update(removedFoldersKey, paths);
  }

  #realPath(path: string): string {
    const known = this.#realPaths.get(path);
    if (known) return known;
    const real = resolveLinks(path);
    this.#realPaths.set(path, real);
    return real;
  }
}

function resolveLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // The folder does not exist (any more): the backend says so when it is added.
    return path;
  }
}
