/** Leads from a hit to where it is: the conversation, the board, the messages of an agent, or a text of its own. */
import { commands, l10n, window } from 'vscode';
import type { SearchHit } from '../../server/protocol/search.ts';
import type { CommandHost } from '../command-host.ts';
import type { ProjectsTree } from '../fleet/projects-tree.ts';
import { hitText } from './hit-text.ts';

/** `behind`: what has the keyboard keeps it. */
export type Opening = 'inFront' | 'behind';

export type OpenHitDeps = Pick<CommandHost, 'backend' | 'fleet' | 'teamwork' | 'chats' | 'board' | 'audit' | 'documents' | 'log'> & {
  readonly tree: Pick<ProjectsTree, 'reveal'>;
};

/** What can be shown where it is; `agentId` is null for an agent that was removed. */
export type ShownPlace =
  | { readonly kind: 'item'; readonly agentId: string | null; readonly sessionId: string; readonly itemId: string }
  | { readonly kind: 'message'; readonly agentId: string | null; readonly messageId: string }
  | { readonly kind: 'deadLetter'; readonly deadLetterId: string }
  | { readonly kind: 'task'; readonly teamId: string; readonly taskId: string };

type PlaceOf<K extends ShownPlace['kind']> = Extract<ShownPlace, { kind: K }>;

export async function openHit(deps: OpenHitDeps, hit: SearchHit, how: Opening): Promise<void> {
  await deps.fleet.whenLoaded();
  const { place } = hit;
  // Its panel takes the keyboard, so looking behind the search shows the row as a text.
  if (place.kind === 'audit' && how === 'inFront') return deps.audit.show(place.seq);
  const isShown = place.kind !== 'audit' && (await showPlace(deps, place, how));
  if (!isShown) await showText(deps, hit, how);
}

/** Answers whether there is a view to show it in. */
export async function showPlace(deps: OpenHitDeps, place: ShownPlace, how: Opening): Promise<boolean> {
  if (place.kind === 'item') return showItem(deps, place, how);
  if (place.kind === 'message') return showMessage(deps, place, how);
  if (place.kind === 'deadLetter') return showDeadLetter(deps, place);
  deps.board.showTask(place, how);
  return true;
}

async function showItem(deps: OpenHitDeps, { agentId, sessionId, itemId }: PlaceOf<'item'>, how: Opening): Promise<boolean> {
  if (agentId === null || !deps.fleet.agent(agentId)) return false;
  await revealAgent(deps, agentId, how);
  deps.chats.showItem({ agentId, sessionId, itemId }, how);
  return true;
}

async function showMessage(deps: OpenHitDeps, { agentId, messageId }: PlaceOf<'message'>, how: Opening): Promise<boolean> {
  if (agentId === null || !deps.fleet.agent(agentId)) return false;
  await revealAgent(deps, agentId, how);
  deps.chats.showComms(agentId, messageId, how);
  return true;
}

/** One that is settled is in no view any more. */
async function showDeadLetter({ teamwork }: OpenHitDeps, { deadLetterId }: PlaceOf<'deadLetter'>): Promise<boolean> {
  if (!teamwork.state.deadLetters.some(({ id }) => id === deadLetterId)) return false;
  await commands.executeCommand('agor.openComms', { kind: 'deadLetter', id: deadLetterId });
  return true;
}

/** Looking behind the search changes nothing beside the editor; and a tree that cannot show the agent keeps nobody from it. */
async function revealAgent({ tree, log }: OpenHitDeps, agentId: string, how: Opening): Promise<void> {
  if (how === 'behind') return;
  try {
    await tree.reveal({ kind: 'agent', id: agentId });
  } catch (error) {
    log.debug(`The tree did not show the agent: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** For what has no view to be shown in, as what is left of an agent that was removed. */
async function showText({ backend, documents }: OpenHitDeps, hit: SearchHit, how: Opening): Promise<void> {
  const { place } = hit;
  const record =
    place.kind === 'audit'
      ? (await backend.call('audit/list', { beforeSeq: place.seq + 1, heartbeats: true, limit: 1 })).records.find(
          ({ seq }) => seq === place.seq,
        )
      : undefined;
  const document = documents.add(l10n.t('Found.txt'), hitText(hit, record, l10n.t));
  await window.showTextDocument(document, { preview: true, preserveFocus: how === 'behind' });
}
