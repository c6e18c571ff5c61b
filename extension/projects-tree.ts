/** The tree of projects and their agents, with the number of what waits for the person as its badge. */
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from 'vscode';
import type { Backend } from './backend.ts';
import type { Fleet } from './fleet.ts';
import { agentsOf, orderProjects } from './fleet-model.ts';
import { incidentMessage } from './incident-wording.ts';
import { badgeOf } from './notice-model.ts';
import type { Notices } from './notices.ts';
import type { Teamwork } from './teamwork.ts';
import { membershipOf } from './teamwork-model.ts';
import { agentRow, projectRow, type TreeRow } from './tree-model.ts';
import type { WorkspaceProjects } from './workspace-projects.ts';

export const projectsViewId = 'agor.projects';

/** Also what a command gets when it is run from the tree. */
export type TreeNode = { readonly kind: 'project' | 'agent'; readonly id: string };

export type ProjectsTreeDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly teamwork: Teamwork;
  readonly notices: Notices;
  readonly workspaceProjects: WorkspaceProjects;
};

export class ProjectsTree implements TreeDataProvider<TreeNode> {
  readonly #deps: ProjectsTreeDeps;
  readonly #changed = new EventEmitter<undefined>();
  #view: TreeView<TreeNode> | undefined;

  constructor(deps: ProjectsTreeDeps) {
    this.#deps = deps;
  }

  get onDidChangeTreeData(): Event<undefined> {
    return this.#changed.event;
  }

  /** Makes the view; looking at it is a reason to start the backend. */
  register(): Disposable[] {
    const { backend, fleet, teamwork, notices } = this.#deps;
    const view = window.createTreeView(projectsViewId, { treeDataProvider: this, showCollapseAll: true });
    this.#view = view;
    const badge = () => {
      view.badge = badgeOf({ approvals: fleet.state.approvals.length, unread: notices.state.unread }, l10n.t);
    };
    return [
      view,
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) backend.start();
      }),
      fleet.onDidChange(() => {
        this.#changed.fire(undefined);
        badge();
        view.message = incidentMessage(fleet.state.health?.incident, Date.now(), l10n.t) ?? '';
      }),
      notices.onDidChange(badge),
      teamwork.onDidChange(({ before, after }) => {
        if (before.profiles !== after.profiles || before.teammates !== after.teammates) this.#changed.fire(undefined);
      }),
    ];
  }

  /** Shows it in the view, chosen; the keyboard stays where it is. */
  async reveal(node: TreeNode): Promise<void> {
    await this.#view?.reveal(node, { select: true, focus: false, expand: true });
  }

  getChildren(node?: TreeNode): TreeNode[] {
    const { fleet, workspaceProjects } = this.#deps;
    if (!node) return orderProjects(fleet.state.projects, workspaceProjects.folderPaths()).map(({ id }) => ({ kind: 'project', id }));
    if (node.kind === 'agent') return [];
    return agentsOf(fleet.state, node.id).map(({ id }) => ({ kind: 'agent', id }));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    const projectId = node.kind === 'agent' ? this.#deps.fleet.agent(node.id)?.projectId : undefined;
    return projectId ? { kind: 'project', id: projectId } : undefined;
  }

  getTreeItem(node: TreeNode): TreeItem {
    const row = this.#row(node);
    const item = new TreeItem(
      row?.label ?? '',
      node.kind === 'project' ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None,
    );
    // Without a row it was removed a moment ago, and the tree is about to be asked again.
    if (!row) return item;
    item.id = row.id;
    item.description = row.description;
    item.iconPath = new ThemeIcon(row.icon, row.iconColor ? new ThemeColor(row.iconColor) : undefined);
    item.contextValue = row.context;
    item.tooltip = tooltip(row);
    item.accessibilityInformation = { label: row.spoken };
    if (node.kind === 'agent') item.command = { command: 'agor.openChat', title: l10n.t('Open Chat'), arguments: [node] };
    return item;
  }

  #row(node: TreeNode): TreeRow | undefined {
    const { fleet, teamwork, workspaceProjects } = this.#deps;
    if (node.kind === 'agent') {
      const agent = fleet.agent(node.id);
      return agent && agentRow(agent, membershipOf(teamwork.state, agent.id), l10n.t);
    }
    const project = fleet.project(node.id);
    const isWorkspaceFolder = workspaceProjects.folderPaths().includes(project?.path ?? '');
    return project && projectRow({ project, agents: agentsOf(fleet.state, project.id), isWorkspaceFolder }, l10n.t);
  }
}

/** Names and paths come from outside: they are escaped, and nothing in them becomes a link or an image. */
function tooltip(row: TreeRow): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = false;
  text.supportHtml = false;
  text.appendMarkdown('**').appendText(row.label).appendMarkdown('**').appendText(` ${row.description}`);
  for (const [index, [name, value]] of row.facts.entries())
    text.appendMarkdown(index === 0 ? '\n\n' : '  \n').appendText(`${name}: ${value}`);
  return text;
}
