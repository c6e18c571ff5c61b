/** ROOT of the extension: builds everything by hand, in order, and stays idle until something needs the backend. */
import { join } from 'node:path';
import { type Disposable, type ExtensionContext, ExtensionMode, type LogOutputChannel, l10n, Uri, window, workspace } from 'vscode';
import { connectToBackend } from '../server/launch/connect.ts';
import { ownBuild } from '../server/launch/own-build.ts';
import type { Notice } from '../server/protocol/notice.ts';
import type { SearchHit } from '../server/protocol/search.ts';
import { offerCommandsInTerminals } from './agents/terminals.ts';
import { offerParticipant } from './assistant/chat-participant.ts';
import { offerToEditorChat } from './assistant/editor-chat.ts';
import { NeedsPick } from './attention/needs-pick.ts';
import { tellSavedFiles } from './attention/saved-files.ts';
import { showStatusBar } from './attention/status-bar.ts';
import { Backend } from './backend/backend.ts';
import { handOverSettings } from './backend/backend-settings.ts';
import { Failures } from './backend/failures.ts';
import { shareLog } from './backend/log-channel.ts';
import { tellRefusedUpdate } from './backend/update-refused.ts';
import type { CommandHost } from './command-host.ts';
import { registerCommands } from './commands.ts';
import { keepContextKeys } from './context-keys.ts';
import { buildDecisions, registerDecisions } from './decisions/decisions.ts';
import { Fleet } from './fleet/fleet.ts';
import { ProjectsTree } from './fleet/projects-tree.ts';
import { Teamwork } from './fleet/teamwork.ts';
import { WorkspaceProjects } from './fleet/workspace-projects.ts';
import { MessagesTree } from './messages/messages-tree.ts';
import { showBell } from './notices/notice-bell.ts';
import { openNotice } from './notices/notice-commands.ts';
import { showNoticeToasts } from './notices/notice-toasts.ts';
import { Notices } from './notices/notices.ts';
import { AuditPanel } from './panels/audit.ts';
import { BoardPanel } from './panels/board.ts';
import { ChatPanels, type ChatPanelsDeps } from './panels/chat-panels.ts';
import { MetricsPanel } from './panels/metrics.ts';
import { showShield } from './sandbox/sandbox-status.ts';
import { askBackend, onCaughtUp } from './search/ask-backend.ts';
import { type OpenHitDeps, type Opening, openHit, type ShownPlace, showPlace } from './search/open-hit.ts';
import { SearchPick } from './search/search-pick.ts';
import { storeFacts } from './secrets/secret-store-facts.ts';
import { storeKind } from './secrets/secret-store-kind.ts';
import { Secrets, type SecretsDeps } from './secrets/secrets.ts';
import { addsDemoAgent, dataDir, isDataDirFromSetting, watchDataDirSetting } from './settings.ts';
import { VirtualDocuments } from './text/virtual-documents.ts';
import { Procedures } from './upkeep/procedures.ts';
import { registerRunbook } from './upkeep/runbook-commands.ts';

/** What tests in the extension host look at; nothing else gets it. */
export type ExtensionForTests = CommandHost & { readonly tree: ProjectsTree; readonly messages: MessagesTree };

let running: Backend | undefined;

export function activate(context: ExtensionContext): ExtensionForTests | undefined {
  const log = window.createOutputChannel('Agor', { log: true });
  const backend: Backend = makeBackend(context.extensionPath, log, () => secrets);
  running = backend;
  const secrets = openSecrets(context, backend);
  const fleet = new Fleet(backend, log);
  const teamwork = new Teamwork(backend, log);
  const notices = new Notices(backend, log);
  const failures = new Failures(log);
  const documents = new VirtualDocuments();
  const { workspaceState, globalState, extensionUri, extensionPath } = context;
  const workspaceProjects = new WorkspaceProjects({ backend, fleet, log, workspaceState, globalState, addsDemoAgent });
  const onFailure = (error: unknown) => void failures.show(error);
  const panels = buildPanels({ backend, fleet, documents, log, extensionUri, onFailure });
  const tree = new ProjectsTree({ backend, fleet, teamwork, workspaceProjects });
  const messages = new MessagesTree(backend, teamwork);
  const places = { backend, fleet, teamwork, ...panels, documents, log, tree };
  const search = makeSearch(places, onFailure);
  const needs = new NeedsPick({ backend, fleet, teamwork });
  const decisions = buildDecisions({ backend, fleet, documents, onFailure });
  const openPlace = (place: ShownPlace) => showPlace(places, place, 'inFront');
  const shown = { ...panels, ...decisions, ...buildUpkeep(context), search, needs, openPlace, documents, build: ownBuild(extensionPath) };
  const commandHost = { backend, fleet, teamwork, notices, ...shown, workspaceProjects, secrets, failures, log };
  const parts: Disposable[] = [
    log,
    ...shareLog(log, backend),
    ...fleet.follow(),
    ...teamwork.follow(),
    ...workspaceProjects.follow(),
    ...keepContextKeys({ backend, fleet, teamwork, search, needs }),
    ...documents.register(),
    ...Object.values(panels).flatMap((panel) => panel.register()),
    ...tree.register(),
    ...messages.register(),
    ...registerDecisions(decisions),
    ...showStatusBar({ backend, fleet, teamwork }),
    ...showShield(backend, fleet),
    ...handOverSettings({ backend, failures, log }),
    ...tellSavedFiles(backend, fleet),
    // It cannot be a notice: whoever keeps those is what failed.
    backend.onDidChangeConnection(({ failure }) => failure && onFailure(failure)),
    ...registerCommands(commandHost),
    registerRunbook(commandHost),
    ...followNotices(commandHost, onFailure),
    watchDataDirSetting(),
    ...offerParticipant({ backend, fleet }),
    ...offerToEditorChat({ extensionPath, version: context.extension.packageJSON.version, log }),
  ];
  context.subscriptions.push(...parts);
  offerTerminals(context, failures);
  if (workspace.isTrusted && workspaceProjects.folderPaths().length > 0) backend.start();
  return context.extensionMode === ExtensionMode.Test ? { ...commandHost, tree, messages } : undefined;
}

/** The backend and its agents live on; only this window lets go of them. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

function makeBackend(extensionPath: string, log: LogOutputChannel, secrets: () => Secrets): Backend {
  const onRefused = (sentence: string) => void tellRefusedUpdate(sentence, log);
  return new Backend({
    log,
    answers: {
      'secret/read': async ({ name }) => ({ value: await secrets().giveSecret(name) }),
      'secret/store': async ({ name, value }) => ({ stored: await secrets().replaceSecret(name, value) }),
    },
    connect: async (signal, onProgress) =>
      connectToBackend({
        ...{ dataDir: dataDir(), role: 'extension', distDir: join(extensionPath, 'dist') },
        signal,
        onProgress,
        onRefused,
      }),
  });
}

function makeSearch(places: OpenHitDeps, onFailure: (error: unknown) => void): SearchPick {
  const { backend } = places;
  const open = (hit: SearchHit, how: Opening) => openHit(places, hit, how);
  return new SearchPick({ searchAll: askBackend(backend), onCaughtUp: onCaughtUp(backend), open, onFailure });
}

function followNotices(host: CommandHost, onFailure: (error: unknown) => void): Disposable[] {
  const { notices } = host;
  const open = (notice: Notice) => openNotice(host, notice);
  return [...notices.follow(), ...showBell(notices), ...showNoticeToasts({ notices, open, onFailure })];
}

function openSecrets(context: ExtensionContext, backend: Backend): Secrets {
  return new Secrets({
    storage: context.secrets,
    storeKind: () => storeKind(storeFacts()),
    names: async () => (await backend.call('secret/list', {})).secrets,
    record: (name, deleted) => backend.call('secret/record', { name, deleted }),
    onLocked: (error) => void window.showWarningMessage(error.message),
    wait: waiting(context.subscriptions),
    t: l10n.t,
  });
}

/** Until the window is closed. */
function waiting(subscriptions: Disposable[]): SecretsDeps['wait'] {
  const closing = new AbortController();
  subscriptions.push({ dispose: () => closing.abort() });
  return (ms) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), ms);
      closing.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
}

function buildUpkeep({ extensionPath, globalState }: ExtensionContext): Pick<CommandHost, 'procedures' | 'installation'> {
  const installation = () => ({ runtimeDir: join(extensionPath, 'dist'), dataDir: dataDir() });
  return { procedures: new Procedures(globalState), installation };
}

type PanelParts = Omit<ChatPanelsDeps, 'iconPath'>;

function buildPanels(parts: PanelParts): Pick<ExtensionForTests, 'chats' | 'board' | 'metrics' | 'audit'> {
  const iconPath = (name: PanelIcon) => icon(parts.extensionUri, name);
  const chats = new ChatPanels({ ...parts, iconPath: iconPath('chat') });
  const board = new BoardPanel({ ...parts, iconPath: iconPath('board') });
  const opens = { openAgent: chats.show.bind(chats), openBoard: board.show.bind(board) };
  const metrics = new MetricsPanel({ ...parts, ...opens, iconPath: iconPath('metrics') });
  const audit = new AuditPanel({ ...parts, iconPath: iconPath('audit') });
  return { chats, board, metrics, audit };
}

type PanelIcon = 'chat' | 'board' | 'metrics' | 'audit';

function icon(extensionUri: Uri, name: PanelIcon): { light: Uri; dark: Uri } {
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
