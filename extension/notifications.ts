/**
 * Messages that come by themselves and are no notices, because they are answered elsewhere: questions whose chat is not in
 * sight, collected into one, and a backend that cannot be reached.
 */
import { commands, type Disposable, l10n, window } from 'vscode';
import type { Approval } from '../server/protocol/approval.ts';
import type { Backend } from './backend.ts';
import type { Failures } from './failures.ts';
import type { Fleet, FleetChange } from './fleet.ts';
import { newApprovals } from './news.ts';
import { isDoNotDisturb, onNoticeSettings } from './notice-settings.ts';
import type { ChatPanels } from './panels/chat-panels.ts';
import { type Telling, Toasts } from './toasts.ts';
import { isToldElsewhere, sayToldHere } from './told-approvals.ts';
import { messageText } from './visible-text.ts';
import { countApprovals } from './wording.ts';
import type { WorkspaceProjects } from './workspace-projects.ts';

export type NotificationsDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly chats: ChatPanels;
  readonly failures: Failures;
  readonly workspaceProjects: WorkspaceProjects;
};

/**
 * Of several windows the one that has the project tells about its questions; for a project that is open in none, the one
 * that a person looks at, now or later.
 */
export class Notifications {
  readonly #deps: NotificationsDeps;
  readonly #toasts: Toasts<Approval>;

  constructor(deps: NotificationsDeps) {
    this.#deps = deps;
    this.#toasts = new Toasts({
      find: (id) => deps.fleet.approval(id),
      decide: (approval) => this.#decide(approval),
      show: (approvals) => this.#show(approvals),
    });
  }

  follow(): Disposable[] {
    const { backend, failures, fleet } = this.#deps;
    return [
      fleet.onDidChange((change) => this.#look(change)),
      backend.onDidChangeConnection(({ failure }) => {
        if (failure) void failures.show(failure);
      }),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#toasts.look();
      }),
      onNoticeSettings(() => this.#toasts.look()),
      this.#toasts,
    ];
  }

  #look({ before, after }: FleetChange): void {
    const fresh = newApprovals(before, after);
    if (fresh.length === 0) return;
    for (const projectId of new Set(fresh.map((approval) => approval.projectId))) {
      const open = after.approvals.filter((approval) => approval.projectId === projectId);
      const openIds = open.map(({ id }) => id);
      if (this.#isHere(projectId)) void sayToldHere(this.#deps.backend, projectId, openIds);
    }
    this.#toasts.add(fresh);
  }

  async #decide(approval: Approval): Promise<Telling> {
    if (this.#deps.chats.isVisible(approval.agentId)) return 'drop';
    if (isDoNotDisturb()) return 'wait';
    if (this.#isHere(approval.projectId)) return 'tell';
    if (!window.state.focused) return 'wait';
    return (await isToldElsewhere(this.#deps.backend, approval)) ? 'drop' : 'tell';
  }

  async #show(approvals: readonly [Approval, ...Approval[]]): Promise<void> {
    const [first] = approvals;
    const review = l10n.t('Review');
    if ((await window.showInformationMessage(this.#sentence(first, approvals.length), review)) !== review) return;
    if (approvals.length > 1) await commands.executeCommand('agor.answerApproval');
    else this.#deps.chats.show(first.agentId, first.sessionId);
  }

  #sentence(first: Approval, count: number): string {
    if (count > 1) return l10n.t('Agents wait for you: {0}.', countApprovals(count, l10n.t));
    const agent = this.#deps.fleet.agent(first.agentId)?.name ?? l10n.t('An agent');
    return l10n.t('{0} asks: {1}', messageText(agent), messageText(first.request.title));
  }

  #isHere(projectId: string): boolean {
    const { fleet, workspaceProjects } = this.#deps;
    const path = fleet.project(projectId)?.path;
    return path !== undefined && workspaceProjects.folderPaths().includes(path);
  }
}
