/** All chat panels of this window: one for each agent, restored after a reload, fed from the one connection they share. */
import { type Disposable, type LogOutputChannel, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import * as z from 'zod/mini';
import type { Notification, NotificationParams } from '../../server/protocol/notifications.ts';
import type { Backend } from '../backend/backend.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { VirtualDocuments } from '../text/virtual-documents.ts';
import { ChatPanel, type ItemPlace, type Shown } from './chat.ts';
import type { PageRequest } from './page-request.ts';
import { SessionWatches } from './session-watches.ts';

const chatViewType = 'agor.chat';

/** What concerns the messages of any agent: each page takes what is its own. */
const news = ['message/changed', 'deadLetter/changed', 'screening/changed'] as const satisfies readonly Notification[];

export type ChatPanelsDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly documents: VirtualDocuments;
  readonly log: LogOutputChannel;
  readonly extensionUri: Uri;
  readonly iconPath: { readonly light: Uri; readonly dark: Uri };
  readonly onFailure: (error: unknown) => void;
};

/** What a page keeps for its next life, as far as it concerns this side. */
const KeptState = z.object({ agentId: z.optional(z.nullable(z.string())), sessionId: z.optional(z.nullable(z.string())) });

export class ChatPanels {
  readonly #deps: ChatPanelsDeps;
  readonly #panels = new Set<ChatPanel>();
  readonly #watches = new SessionWatches<ChatPanel>();

  constructor(deps: ChatPanelsDeps) {
    this.#deps = deps;
  }

  register(): Disposable[] {
    const { backend, fleet } = this.#deps;
    return [
      window.registerWebviewPanelSerializer(chatViewType, {
        deserializeWebviewPanel: async (webviewPanel, state: unknown) => {
          this.#adopt(webviewPanel, keptState(state));
        },
      }),
      backend.onDidChangeConnection(({ phase }) => {
        if (phase !== 'connected') this.#watches.clear();
        for (const panel of this.#panels) panel.connectionChanged(phase);
      }),
      backend.on('session/changed', (params) => this.#sessionChanged(params)),
      backend.on('agent/changed', (params) => this.#tellAbout(params.agent.id, 'agent/changed', params)),
      backend.on('agent/removed', (params) => this.#tellAbout(params.agentId, 'agent/removed', params)),
      backend.on('approval/changed', (params) => this.#tellAbout(params.approval.agentId, 'approval/changed', params)),
      ...news.map((method) => backend.on(method, (params) => this.#tellAll(method, params))),
      fleet.onDidChange(() => {
        for (const panel of this.#panels) panel.refreshTitle();
      }),
    ];
  }

  /** Reveals the agent's panel, or opens one; without a session it shows the agent's current one. */
  show(agentId: string, sessionId: string | null): void {
    const open = this.#panelOf(agentId) ?? this.#create(agentId, sessionId);
    open.show(agentId, sessionId);
  }

  /** Shows an item of a conversation; `behind`: what has the keyboard keeps it. */
  showItem(place: ItemPlace, how: 'inFront' | 'behind'): void {
    const { agentId, sessionId } = place;
    const open = this.#panelOf(agentId) ?? this.#create(agentId, sessionId, how);
    open.showItem(place, how);
  }

  /** Shows the agent's messages, at one of them. */
  showComms(agentId: string, messageId: string | null, how: 'inFront' | 'behind' = 'inFront'): void {
    const open = this.#panelOf(agentId) ?? this.#create(agentId, null, how);
    open.showComms(messageId, how);
  }

  /** Whether a person can see the agent's conversation in this window now. */
  isVisible(agentId: string): boolean {
    return [...this.#panels].some((panel) => panel.isVisible && panel.shown.agentId === agentId);
  }

  #panelOf(agentId: string): ChatPanel | undefined {
    return [...this.#panels].find((panel) => panel.shown.agentId === agentId);
  }

  #create(agentId: string, sessionId: string | null, how: 'inFront' | 'behind' = 'inFront'): ChatPanel {
    const column = { viewColumn: ViewColumn.Active, preserveFocus: how === 'behind' };
    return this.#adopt(window.createWebviewPanel(chatViewType, '', column, { enableFindWidget: true }), { agentId, sessionId });
  }

  #adopt(webviewPanel: WebviewPanel, shown: Shown): ChatPanel {
    const { backend, fleet } = this.#deps;
    const panel = new ChatPanel(
      {
        ...this.#deps,
        webviewPanel,
        phase: () => backend.connection.phase,
        agentName: (agentId) => fleet.agent(agentId)?.name,
        projectPath: (agentId) => fleet.project(fleet.agent(agentId)?.projectId ?? '')?.path,
        request: (request) => this.#request(panel, request),
        readAttachment: async (attachment) => (await backend.call('attachment/read', { attachment })).base64,
        hidden: () => this.#releaseAll(panel),
      },
      shown,
    );
    webviewPanel.iconPath = this.#deps.iconPath;
    this.#panels.add(panel);
    webviewPanel.onDidDispose(() => this.#forget(panel));
    backend.start();
    panel.open();
    return panel;
  }

  #forget(panel: ChatPanel): void {
    panel.close();
    this.#panels.delete(panel);
    this.#releaseAll(panel);
  }

  #releaseAll(panel: ChatPanel): void {
    for (const sessionId of this.#watches.removeWatcher(panel)) this.#unwatch(sessionId);
  }

  async #request(panel: ChatPanel, { method, params }: PageRequest): Promise<unknown> {
    // The parameters were checked against this very method's schema, which the two separate values no longer show.
    if (method === 'session/watch') return this.#watch(panel, params as { session: string; limit?: number });
    if (method === 'session/unwatch') return this.#release(panel, (params as { session: string }).session);
    return this.#deps.backend.call(method, params as never);
  }

  /** Registered before it is asked for, so that no change that follows the snapshot is missed. */
  async #watch(panel: ChatPanel, params: { session: string; limit?: number }): Promise<unknown> {
    this.#watches.add(params.session, panel);
    try {
      const snapshot = await this.#deps.backend.call('session/watch', params);
      panel.sessionSeen(snapshot.session);
      return snapshot;
    } catch (error) {
      this.#watches.remove(params.session, panel);
      throw error;
    }
  }

  async #release(panel: ChatPanel, sessionId: string): Promise<unknown> {
    return this.#watches.remove(sessionId, panel) ? this.#deps.backend.call('session/unwatch', { session: sessionId }) : {};
  }

  /** A connection that is away has no watches, so there is nothing to end. */
  #unwatch(sessionId: string): void {
    const { backend, log } = this.#deps;
    if (backend.connection.phase !== 'connected') return;
    backend.call('session/unwatch', { session: sessionId }).catch((error: Error) => log.debug(`session/unwatch: ${error.message}`));
  }

  #sessionChanged(params: NotificationParams<'session/changed'>): void {
    for (const panel of this.#watches.watchersOf(params.sessionId)) {
      for (const change of params.changes) if (change.op === 'session') panel.sessionSeen(change.session);
      panel.notify('session/changed', params);
    }
  }

  #tellAll<N extends Notification>(method: N, params: NotificationParams<N>): void {
    for (const panel of this.#panels) panel.notify(method, params);
  }

  #tellAbout<N extends Notification>(agentId: string, method: N, params: NotificationParams<N>): void {
    for (const panel of this.#panels) if (panel.shown.agentId === agentId) panel.notify(method, params);
  }
}

function keptState(state: unknown): Shown {
  const { data } = KeptState.safeParse(state);
  return { agentId: data?.agentId ?? null, sessionId: data?.sessionId ?? null };
}
