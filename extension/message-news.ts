/** Tells a person that an agent wrote to them, when its chat is not in sight: one message for all that come together. */
import { commands, type Disposable, l10n, window } from 'vscode';
import type { Message } from '../server/protocol/message.ts';
import type { Fleet } from './fleet.ts';
import { messagesViewId } from './messages-tree.ts';
import { isDoNotDisturb, onNoticeSettings } from './notice-settings.ts';
import type { ChatPanels } from './panels/chat-panels.ts';
import type { Teamwork } from './teamwork.ts';
import { newMessages } from './teamwork-model.ts';
import { type Telling, Toasts } from './toasts.ts';
import { messageText } from './visible-text.ts';
import type { WorkspaceProjects } from './workspace-projects.ts';

export type MessageNewsDeps = {
  readonly fleet: Fleet;
  readonly teamwork: Teamwork;
  readonly chats: ChatPanels;
  readonly workspaceProjects: WorkspaceProjects;
};

const excerptChars = 120;

export class MessageNews {
  readonly #deps: MessageNewsDeps;
  readonly #toasts: Toasts<Message>;

  constructor(deps: MessageNewsDeps) {
    this.#deps = deps;
    this.#toasts = new Toasts({
      find: (id) => deps.teamwork.state.forPerson.find((message) => message.id === id),
      decide: async (message) => this.#decide(message),
      show: (messages) => this.#show(messages),
    });
  }

  follow(): Disposable[] {
    return [
      this.#deps.teamwork.onDidChange(({ before, after }) => {
        const news = newMessages(before, after);
        if (news.length > 0) this.#toasts.add(news);
      }),
      window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#toasts.look();
      }),
      onNoticeSettings(() => this.#toasts.look()),
      this.#toasts,
    ];
  }

  /** In the window that has the agent's project, or where the person looks; its chat shows it by itself. */
  #decide({ from }: Message): Telling {
    if (this.#deps.chats.isVisible(from.id)) return 'drop';
    if (isDoNotDisturb()) return 'wait';
    return window.state.focused || this.#isHere(from.id) ? 'tell' : 'wait';
  }

  async #show(messages: readonly [Message, ...Message[]]): Promise<void> {
    const [first] = messages;
    const open = l10n.t('Open');
    const sentence =
      messages.length > 1
        ? l10n.t('Agents wrote to you: {0} messages.', messages.length)
        : l10n.t('{0} writes: {1}', messageText(first.from.name), messageText(first.text.replace(/\s+/g, ' ').slice(0, excerptChars)));
    if ((await window.showInformationMessage(sentence, open)) !== open) return;
    if (messages.length > 1) await commands.executeCommand(`${messagesViewId}.focus`);
    else this.#deps.chats.showComms(first.from.id, first.id);
  }

  #isHere(agentId: string): boolean {
    const { fleet, workspaceProjects } = this.#deps;
    const path = fleet.project(fleet.agent(agentId)?.projectId ?? '')?.path;
    return path !== undefined && workspaceProjects.folderPaths().includes(path);
  }
}
