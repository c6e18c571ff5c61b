/**
 * The few messages that come by themselves: questions whose chat is not in sight, collected into one, failed agents, and a
 * backend that cannot be reached.
 */
import { commands, type Disposable, l10n, window } from 'vscode';
import type { Approval } from '../server/protocol/approval.ts';
import type { Backend } from './backend.ts';
import type { Failures } from './failures.ts';
import type { Fleet, FleetChange } from './fleet.ts';
import { newApprovals, newlyFailedAgents } from './news.ts';
import type { ChatPanels } from './panels/chat-panels.ts';
import { countApprovals } from './wording.ts';
import type { WorkspaceProjects } from './workspace-projects.ts';

export type NotificationsDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly chats: ChatPanels;
  readonly failures: Failures;
  readonly workspaceProjects: WorkspaceProjects;
};

/** Questions that come in this time make one message. */
const collectForMs = 500;

export class Notifications {
  readonly #deps: NotificationsDeps;
  readonly #unseen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isShowing = false;

  constructor(deps: NotificationsDeps) {
    this.#deps = deps;
  }

  follow(): Disposable[] {
    const { backend, failures, fleet } = this.#deps;
    return [
      fleet.onDidChange((change) => this.#look(change)),
      backend.onDidChangeConnection(({ failure }) => {
        if (failure) void failures.show(failure);
      }),
      { dispose: () => clearTimeout(this.#timer) },
    ];
  }

  #look({ before, after }: FleetChange): void {
    for (const agent of newlyFailedAgents(before, after)) {
      if (this.#isOurs(agent.projectId)) void this.#deps.failures.showAgentFailure(agent.name, agent.stateDetail);
    }
    const fresh = newApprovals(before, after).filter(
      ({ agentId, projectId }) => this.#isOurs(projectId) && !this.#deps.chats.isVisible(agentId),
    );
    if (fresh.length === 0) return;
    for (const approval of fresh) this.#unseen.add(approval.id);
    this.#timer ??= setTimeout(() => this.#showApprovals(), collectForMs);
  }

  async #showApprovals(): Promise<void> {
    this.#timer = undefined;
    if (this.#isShowing) return;
    const waiting = this.#takeWaiting();
    const [first] = waiting;
    if (!first) return;
    this.#isShowing = true;
    const review = l10n.t('Review');
    const answer = await window.showInformationMessage(this.#sentence(first, waiting.length), review);
    this.#isShowing = false;
    if (answer !== review) return;
    if (waiting.length > 1) await commands.executeCommand('agor.answerApproval');
    else this.#deps.chats.show(first.agentId, first.sessionId);
  }

  /** Those that were answered meanwhile are not asked about any more. */
  #takeWaiting(): Approval[] {
    const waiting = [...this.#unseen].map((id) => this.#deps.fleet.approval(id)).filter((approval) => approval !== undefined);
    this.#unseen.clear();
    return waiting;
  }

  #sentence(first: Approval, count: number): string {
    if (count > 1) return l10n.t('Agents wait for you: {0}.', countApprovals(count, l10n.t));
    const agent = this.#deps.fleet.agent(first.agentId)?.name ?? l10n.t('An agent');
    return l10n.t('{0} asks: {1}', agent, first.request.title);
  }

  /** Of several windows the one that has the project tells; for other projects the one that a person looks at. */
  #isOurs(projectId: string): boolean {
    const { fleet, workspaceProjects } = this.#deps;
    const path = fleet.project(projectId)?.path;
    return window.state.focused || (path !== undefined && workspaceProjects.folderPaths().includes(path));
  }
}
