/** The tree of projects and their agents, those who need the person most at the top, and their number as its badge. */
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  type ViewBadge,
  window,
  workspace,
} from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import { isUrgent, type Need } from '../attention/agent-needs.ts';
import { nextFallAt, type Placed, placeAgents } from '../attention/attention-order.ts';
import { needsOfAgent } from '../attention/needs.ts';
import type { Backend } from '../backend/backend.ts';
import { Pace } from '../drawing/pace.ts';
import { rowTooltip } from '../drawing/tooltip.ts';
import { TreeNews } from '../drawing/tree-news.ts';
import { incidentMessage } from '../sandbox/incident-wording.ts';
import type { Fleet } from './fleet.ts';
import { agentsOf, orderProjects } from './fleet-model.ts';
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
  readonly workspaceProjects: WorkspaceProjects;
};

export class ProjectsTree implements TreeDataProvider<TreeNode> {
  readonly #deps: ProjectsTreeDeps;
  readonly #changed = new EventEmitter<TreeNode[] | undefined>();
  /** VS Code knows a row again by the object that it was given for it. */
  readonly #nodes = new Map<string, TreeNode>();
  readonly #news = new TreeNews();
  /** How the agents of each project stand. */
  readonly #placed = new Map<string, readonly Placed[]>();
  #view: TreeView<TreeNode> | undefined;
  #fall: NodeJS.Timeout | undefined;

  constructor(deps: ProjectsTreeDeps) {
    this.#deps = deps;
  }

  get onDidChangeTreeData(): Event<TreeNode[] | undefined> {
    return this.#changed.event;
  }

  /** Makes the view; looking at it is a reason to start the backend. */
  register(): Disposable[] {
    const { backend, fleet, teamwork } = this.#deps;
    const view = window.createTreeView(projectsViewId, { treeDataProvider: this, showCollapseAll: true });
    this.#view = view;
    const pace = new Pace(() => this.#draw(view));
    return [
      view,
      pace,
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) backend.start();
        pace.wish();
      }),
      workspace.onDidGrantWorkspaceTrust(pace.wish),
      fleet.onDidChange(pace.wish),
      teamwork.onDidChange(pace.wish),
      { dispose: () => clearTimeout(this.#fall) },
    ];
  }

  /** VS Code asks anew for each row that it is told of, so it is told of those that look different. */
  #draw(view: TreeView<TreeNode>): void {
    view.badge = this.#badge();
    const message = incidentMessage(this.#deps.fleet.state.health?.incident, Date.now(), l10n.t) ?? '';
    if ((view.message ?? '') !== message) view.message = message;
    // One that nobody sees is drawn when it is looked at.
    if (!view.visible) return;
    const rows = this.getChildren().flatMap((project) => [project, ...this.getChildren(project)]);
    const news = this.#news.of(rows.map((node) => ({ id: node.id, row: this.#row(node) })));
    if (news !== 'order') {
      if (news.length > 0) this.#changed.fire(rows.filter(({ id }) => news.includes(id)));
      return;
    }
    this.#nodes.clear();
    for (const node of rows) this.#nodes.set(node.id, node);
    this.#changed.fire(undefined);
  }

  /** Shows it in the view, chosen; the keyboard stays where it is. */
  async reveal(node: TreeNode): Promise<void> {
    await this.#view?.reveal(this.#node(node.kind, node.id), { select: true, focus: false, expand: true });
  }

  getChildren(node?: TreeNode): TreeNode[] {
    const { fleet, workspaceProjects } = this.#deps;
    if (!node) return orderProjects(fleet.state.projects, workspaceProjects.folderPaths()).map(({ id }) => this.#node('project', id));
    if (node.kind === 'agent') return [];
    return this.#place(node.id).map(({ id }) => this.#node('agent', id));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    const projectId = node.kind === 'agent' ? this.#deps.fleet.agent(node.id)?.projectId : undefined;
    return projectId ? this.#node('project', projectId) : undefined;
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
    item.accessibilityInformation = { label: row.spoken };
    if (node.kind === 'agent') item.command = { command: 'agor.openChat', title: l10n.t('Open Chat'), arguments: [node] };
    return item;
  }

  /** Only where the pointer rests: of fifty agents most is never read. */
  resolveTreeItem(item: TreeItem, node: TreeNode): TreeItem {
    const row = this.#row(node);
    if (row) item.tooltip = rowTooltip(row.label, row.description, row.facts);
    return item;
  }

  #node(kind: TreeNode['kind'], id: string): TreeNode {
    const node = this.#nodes.get(id) ?? { kind, id };
    this.#nodes.set(id, node);
    return node;
  }

  #row(node: TreeNode): TreeRow | undefined {
    const { fleet, teamwork, workspaceProjects } = this.#deps;
    if (node.kind === 'agent') {
      const agent = fleet.agent(node.id);
      return agent && agentRow({ agent, membership: membershipOf(teamwork.state, agent.id), needs: this.#needs(agent) }, l10n.t);
    }
    const project = fleet.project(node.id);
    const isWorkspaceFolder = workspaceProjects.folderPaths().includes(project?.path ?? '');
    if (!project) return undefined;
    const agents = agentsOf(fleet.state, project.id).map((agent) => ({ name: agent.name, needs: this.#needs(agent) }));
    return projectRow({ project, agents, isWorkspaceFolder }, l10n.t);
  }

  #needs(agent: Agent): Need[] {
    const { fleet, teamwork } = this.#deps;
    return needsOfAgent({ fleet: fleet.state, teamwork: teamwork.state }, agent, l10n.t);
  }

  #place(projectId: string): readonly Placed[] {
    const agents = agentsOf(this.#deps.fleet.state, projectId);
    const scored = agents.map((agent) => ({ id: agent.id, score: this.#needs(agent)[0]?.score ?? 0 }));
    const placed = placeAgents(this.#placed.get(projectId) ?? [], scored, Date.now());
    this.#placed.set(projectId, placed);
    this.#lookAgain();
    return placed;
  }

  /** When a row is to move down without anything else happening. */
  #lookAgain(): void {
    clearTimeout(this.#fall);
    const falls = [...this.#placed.values()].flatMap((placed) => nextFallAt(placed) ?? []);
    if (falls.length === 0) return;
    this.#fall = setTimeout(() => this.#fallDown(), Math.max(0, Math.min(...falls) - Date.now()));
  }

  /** Also those that nobody sees, or their time would be over again and again. */
  #fallDown(): void {
    for (const projectId of this.#placed.keys()) {
      if (this.#deps.fleet.project(projectId)) this.#place(projectId);
      else this.#placed.delete(projectId);
    }
    if (this.#view) this.#draw(this.#view);
  }

  #badge(): ViewBadge | undefined {
    // The activity bar adds up the badges of its views, and open questions are on the one of "Decisions", where that is shown.
    const isCounted = (need: Need) => isUrgent(need) && (need.kind !== 'approval' || !workspace.isTrusted);
    const { length: value } = this.#deps.fleet.state.agents.filter((agent) => this.#needs(agent).some(isCounted));
    if (value === 0) return undefined;
    return { value, tooltip: value === 1 ? l10n.t('1 agent needs you') : l10n.t('{0} agents need you', value) };
  }
}
