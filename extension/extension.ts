/** ROOT of the extension: builds everything by hand, in order, and stays idle until something needs the backend. */
import { join } from 'node:path';
import { type Disposable, type ExtensionContext, ExtensionMode, l10n, Uri, window, workspace } from 'vscode';
import { connectToBackend } from '../server/launch/connect.ts';
import { Backend } from './backend.ts';
import { handOverSettings } from './backend-settings.ts';
import { registerCommands } from './commands.ts';
import { keepContextKeys } from './context-keys.ts';
import { offerToEditorChat } from './editor-chat.ts';
import { Failures } from './failures.ts';
import { Fleet } from './fleet.ts';
import { shareLog } from './log-channel.ts';
import { MessageNews } from './message-news.ts';
import { MessagesTree } from './messages-tree.ts';
import { Notifications } from './notifications.ts';
import { AuditPanel, type AuditPanelDeps } from './panels/audit.ts';
import { BoardPanel } from './panels/board.ts';
import { ChatPanels } from './panels/chat-panels.ts';
import { ProjectsTree } from './projects-tree.ts';
import { showShield } from './sandbox-status.ts';
import { storeFacts } from './secret-store-facts.ts';
import { storeKind } from './secret-store-kind.ts';
import { Secrets } from './secrets.ts';
import { addsDemoAgent, dataDir, isDataDirFromSetting, watchDataDirSetting } from './settings.ts';
import { showStatusBar } from './status-bar.ts';
import { Teamwork } from './teamwork.ts';
import { offerCommandsInTerminals } from './terminals.ts';
import { VirtualDocuments } from './virtual-documents.ts';
import { WorkspaceProjects } from './workspace-projects.ts';

/** What tests in the extension host look at; nothing else gets it. */
export type ExtensionForTests = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly teamwork: Teamwork;
  readonly tree: ProjectsTree;
  readonly messages: MessagesTree;
  readonly chats: ChatPanels;
  readonly board: BoardPanel;
  readonly audit: AuditPanel;
  readonly secrets: Secrets;
};

let running: Backend | undefined;

export function activate(context: ExtensionContext): ExtensionForTests | undefined {
  const log = window.createOutputChannel('Agor', { log: true });
  const backend: Backend = new Backend({
    log,
    answers: { 'secret/read': async ({ name }) => ({ value: await secrets.getSecret(name) }) },
    connect: async (signal, onProgress) =>
      connectToBackend({ dataDir: dataDir(), role: 'extension', distDir: join(context.extensionPath, 'dist'), signal, onProgress }),
  });
  running = backend;
  const secrets = new Secrets({
    storage: context.secrets,
    storeKind: () => storeKind(storeFacts()),
    names: async () => (await backend.call('secret/list', {})).secrets,
    record: (name, deleted) => backend.call('secret/record', { name, deleted }),
    t: l10n.t,
  });
  const fleet = new Fleet(backend, log);
  const teamwork = new Teamwork(backend, log);
  const failures = new Failures(log);
  const documents = new VirtualDocuments();
  const { workspaceState, globalState, extensionUri } = context;
  const workspaceProjects = new WorkspaceProjects({ backend, fleet, log, workspaceState, globalState, addsDemoAgent });
  const onFailure = (error: unknown) => void failures.show(error);
  const chats = new ChatPanels({ backend, fleet, documents, log, extensionUri, iconPath: icon(extensionUri, 'chat'), onFailure });
  const { board, audit } = sharedPanels({ backend, log, extensionUri, onFailure });
  const tree = new ProjectsTree({ backend, fleet, teamwork, workspaceProjects });
  const messages = new MessagesTree(backend, teamwork);
  const parts: Disposable[] = [
    log,
    ...shareLog(log, backend),
    ...fleet.follow(),
    ...teamwork.follow(),
    ...workspaceProjects.follow(),
    ...keepContextKeys(backend, fleet, teamwork),
    ...documents.register(),
    ...chats.register(),
    ...[board, audit].flatMap((panel) => panel.register()),
    ...tree.register(),
    ...messages.register(),
    ...showStatusBar(backend, fleet),
    ...showShield(backend, fleet),
    ...handOverSettings({ backend, failures, log }),
    ...new Notifications({ backend, fleet, chats, failures, workspaceProjects }).follow(),
    ...new MessageNews({ fleet, teamwork, chats, workspaceProjects }).follow(),
    ...registerCommands({ backend, fleet, teamwork, chats, board, audit, documents, workspaceProjects, secrets, failures, log }),
    watchDataDirSetting(),
    ...offerToEditorChat({ extensionPath: context.extensionPath, version: context.extension.packageJSON.version, log }),
  ];
  context.subscriptions.push(...parts);
  offerTerminals(context, failures);
  if (workspace.isTrusted && workspaceProjects.folderPaths().length > 0) backend.start();
  const forTests = { backend, fleet, teamwork, tree, messages, chats, board, audit, secrets };
  return context.extensionMode === ExtensionMode.Test ? forTests : undefined;
}

/** The backend and its agents live on; only this window lets go of them. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

/** Those that are not about one agent. */
function sharedPanels(deps: Omit<AuditPanelDeps, 'iconPath'>): { board: BoardPanel; audit: AuditPanel } {
  const { extensionUri } = deps;
  return {
    board: new BoardPanel({ ...deps, iconPath: icon(extensionUri, 'board') }),
    audit: new AuditPanel({ ...deps, iconPath: icon(extensionUri, 'audit') }),
  };
}

function icon(extensionUri: Uri, name: 'chat' | 'board' | 'audit'): { light: Uri; dark: Uri } {
  const file = (theme: 'light' | 'dark') => Uri.joinPath(extensionUri, 'media', `${name}-${theme}.svg`);
  return { light: file('light'), dark: file('dark') };
}

function offerTerminals(context: ExtensionContext, failures: Failures): void {
  try {
    offerCommandsInTerminals(context.environmentVariableCollection, { dataDir: dataDir(), isDataDirFromSetting: isDataDirFromSetting() });
  } catch (error) {
    void failures.show(error);
  }
}
