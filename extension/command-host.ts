/** What commands work with, and what they are given when they are run from the tree. */
import type { LogOutputChannel } from 'vscode';
import type { BuildInfo } from '../server/protocol/health.ts';
import type { NeedsPick } from './attention/needs-pick.ts';
import type { Backend } from './backend/backend.ts';
import type { Failures } from './backend/failures.ts';
import type { AnswerPick } from './decisions/answer-pick.ts';
import type { DecisionNode, DecisionsTree } from './decisions/decisions-tree.ts';
import type { WholeQuestions } from './decisions/whole-questions.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { TreeNode } from './fleet/projects-tree.ts';
import type { Teamwork } from './fleet/teamwork.ts';
import type { WorkspaceProjects } from './fleet/workspace-projects.ts';
import type { MessageNode } from './messages/messages-model.ts';
import type { Notices } from './notices/notices.ts';
import type { AuditPanel } from './panels/audit.ts';
import type { BoardPanel } from './panels/board.ts';
import type { ChatPanels } from './panels/chat-panels.ts';
import type { MetricsPanel } from './panels/metrics.ts';
import type { ShownPlace } from './search/open-hit.ts';
import type { SearchPick } from './search/search-pick.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { VirtualDocuments } from './text/virtual-documents.ts';
import type { Procedures } from './upkeep/procedures.ts';

export type CommandHost = {
  /** Of this window. */
  readonly build: BuildInfo;
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly teamwork: Teamwork;
  readonly notices: Notices;
  readonly chats: ChatPanels;
  readonly board: BoardPanel;
  readonly search: SearchPick;
  readonly needs: NeedsPick;
  readonly decisions: DecisionsTree;
  readonly answers: AnswerPick;
  readonly questions: WholeQuestions;
  /** Shows what is there where it is; answers whether there is a view to show it in. */
  readonly openPlace: (place: ShownPlace) => Promise<boolean>;
  readonly metrics: MetricsPanel;
  readonly audit: AuditPanel;
  readonly documents: VirtualDocuments;
  readonly workspaceProjects: WorkspaceProjects;
  readonly secrets: Secrets;
  readonly procedures: Procedures;
  /** Where the programs and the data are. */
  readonly installation: () => { readonly runtimeDir: string; readonly dataDir: string };
  readonly failures: Failures;
  readonly log: LogOutputChannel;
};

/** `argument` is a node of the tree, an id of the same shape from our own code, or nothing from the palette. */
export type CommandFunction = (host: CommandHost, argument: unknown) => unknown;

/** The id that was passed, if it is of that kind. */
export function idOf(argument: unknown, kind: TreeNode['kind'] | MessageNode['kind'] | DecisionNode['kind']): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('kind' in argument) || !('id' in argument)) return undefined;
  return argument.kind === kind && typeof argument.id === 'string' ? argument.id : undefined;
}
