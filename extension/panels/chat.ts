/** One chat panel: shows one agent and one of its sessions, and passes on what concerns them. */
import { commands, env, l10n, type WebviewPanel } from 'vscode';
import { chatTexts } from '../../server/protocol/chat-texts.ts';
import { commsTexts } from '../../server/protocol/comms-texts.ts';
import { formTexts } from '../../server/protocol/form-texts.ts';
import type { Notification, NotificationParams } from '../../server/protocol/notifications.ts';
import type { Method } from '../../server/protocol/requests.ts';
import type { Session } from '../../server/protocol/session.ts';
import { webviewProtocolVersion } from '../../server/protocol/webview.ts';
import { asSeenByPage, type ConnectionPhase } from '../backend/connection.ts';
import type { VirtualDocuments } from '../text/virtual-documents.ts';
import { openDiff, openLink, openProjectFile, saveAttachment } from './page-actions.ts';
import { type PageMessage, Panel, type PanelDeps } from './panel.ts';

/** What the chat page may ask of the backend; nothing else passes. */
const chatMethods: readonly Method[] = [
  'agent/list',
  'agent/start',
  'agent/prompt',
  'agent/interrupt',
  'agent/steer',
  'agent/stop',
  'agent/restart',
  'agent/pause',
  'agent/resume',
  'session/list',
  'session/create',
  'session/resume',
  'session/watch',
  'session/unwatch',
  'session/items',
  'view/get',
  'view/put',
  'approval/list',
  'approval/answer',
  'team/list',
  'message/feed',
  'message/send',
  'message/reply',
  'message/read',
  'channel/list',
  'channel/history',
  'deadLetter/list',
  'deadLetter/redeliver',
  'deadLetter/discard',
  'screening/held',
  'screening/release',
  'screening/discard',
];

/** An item, and where it is. */
export type ItemPlace = { readonly agentId: string; readonly sessionId: string; readonly itemId: string };

export type Shown = { readonly agentId: string | null; readonly sessionId: string | null };

export type ChatPanelDeps = Pick<PanelDeps, 'webviewPanel' | 'extensionUri' | 'log' | 'request' | 'hidden'> & {
  readonly documents: VirtualDocuments;
  readonly phase: () => ConnectionPhase;
  readonly agentName: (agentId: string) => string | undefined;
  /** The folder of the agent's project. */
  readonly projectPath: (agentId: string) => string | undefined;
  readonly readAttachment: (attachmentId: string) => Promise<string>;
  readonly onFailure: (error: unknown) => void;
};

export class ChatPanel {
  readonly #deps: ChatPanelDeps;
  readonly #panel: Panel;
  #shown: Shown;
  #session: Session | undefined;

  constructor(deps: ChatPanelDeps, shown: Shown) {
    this.#deps = deps;
    this.#shown = shown;
    this.#panel = new Panel(
      {
        webviewPanel: deps.webviewPanel,
        extensionUri: deps.extensionUri,
        log: deps.log,
        request: deps.request,
        hidden: deps.hidden,
        init: () => ({
          type: 'init',
          version: webviewProtocolVersion,
          ...this.#shown,
          connection: asSeenByPage(deps.phase()),
          texts: translatedTexts(),
        }),
        message: (message) => this.#act(message),
      },
      { page: 'chat', methods: chatMethods },
    );
  }

  get webviewPanel(): WebviewPanel {
    return this.#deps.webviewPanel;
  }

  get shown(): Shown {
    return this.#shown;
  }

  get isVisible(): boolean {
    return this.#deps.webviewPanel.visible;
  }

  open(): void {
    this.refreshTitle();
    this.#panel.open();
  }

  close(): void {
    this.#panel.close();
  }

  /** Shows the agent, in the session if one is named, and puts the keyboard into the composer. */
  show(agentId: string, sessionId: string | null): void {
    this.#deps.webviewPanel.reveal();
    const isShown = this.#shown.agentId === agentId && (sessionId === null || this.#shown.sessionId === sessionId);
    if (!isShown) this.#panel.post({ type: 'show', agentId, sessionId });
    this.#panel.post({ type: 'focusComposer' });
  }

  /** Goes to an item and marks it for a moment. */
  showItem(place: ItemPlace, how: 'inFront' | 'behind'): void {
    this.#deps.webviewPanel.reveal(undefined, how === 'behind');
    this.#panel.post({ type: 'showItem', ...place, takesKeyboard: how === 'inFront' });
  }

  /** Shows the agent's messages, at one of them. */
  showComms(messageId: string | null, how: 'inFront' | 'behind'): void {
    this.#deps.webviewPanel.reveal(undefined, how === 'behind');
    this.#panel.post({ type: 'showComms', messageId, takesKeyboard: how === 'inFront' });
  }

  connectionChanged(phase: ConnectionPhase): void {
    this.#panel.post({ type: 'connection', state: asSeenByPage(phase) });
  }

  notify<N extends Notification>(method: N, params: NotificationParams<N>): void {
    this.#panel.post({ type: 'notification', method, params });
  }

  /** A session passed by in an answer or a change: its title may be this panel's. */
  sessionSeen(session: Session): void {
    this.#session = session;
    this.refreshTitle();
  }

  refreshTitle(): void {
    const { agentId, sessionId } = this.#shown;
    const agent = (agentId && this.#deps.agentName(agentId)) || l10n.t('Chat');
    const session = this.#session?.id === sessionId ? this.#session.title : '';
    const title = session ? `${agent} · ${session}` : agent;
    if (this.#deps.webviewPanel.title !== title) this.#deps.webviewPanel.title = title;
  }

  #act(message: PageMessage): void {
    if (message.type === 'showing') {
      this.#shown = { agentId: message.agentId, sessionId: message.sessionId };
      return this.refreshTitle();
    }
    this.#carryOut(message).catch(this.#deps.onFailure);
  }

  async #carryOut(message: Exclude<PageMessage, { type: 'showing' }>): Promise<void> {
    if (message.type === 'openLink') return openLink(message.href);
    if (message.type === 'openDiff') return openDiff(this.#deps.documents, message);
    if (message.type === 'copy') return env.clipboard.writeText(message.text);
    if (message.type === 'saveAttachment') return saveAttachment(message.name, () => this.#deps.readAttachment(message.attachmentId));
    if (message.type === 'exportAudit') return this.#deps.log.warn('A chat may not ask for an export of the audit log.');
    const { agentId } = this.#shown;
    const argument = agentId && { kind: 'agent', id: agentId };
    if (message.type === 'explainSandbox') return void commands.executeCommand('agor.explainSandbox', argument);
    if (message.type === 'raiseBudget') return void commands.executeCommand('agor.raiseBudget', argument);
    if (message.type === 'setPermissionMode') return void commands.executeCommand('agor.setPermissionMode', argument);
    if (message.type === 'addRule') {
      const shown = { kind: 'decision', id: message.approvalId, hash: message.hash, from: 'chat' };
      return void commands.executeCommand(message.effect === 'always' ? 'agor.alwaysAllow' : 'agor.neverAllow', shown);
    }
    if (message.type !== 'openFile') return this.#deps.log.warn(`The chat may not ask for "${message.type}".`);
    const projectPath = agentId ? this.#deps.projectPath(agentId) : undefined;
    if (projectPath) await openProjectFile(projectPath, message.path, message.line);
  }
}

function translatedTexts(): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...chatTexts, ...commsTexts, ...formTexts }).map(([key, text]) => [key, l10n.t(text)]));
}
