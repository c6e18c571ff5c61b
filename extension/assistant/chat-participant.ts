/** `@agor` in VS Code's own chat: it answers from the backend, and needs no language model. */
import {
  type CancellationToken,
  type ChatFollowup,
  type ChatRequest,
  type ChatResponseStream,
  type ChatResult,
  chat,
  type Disposable,
  l10n,
  MarkdownString,
  ThemeIcon,
} from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import type { Backend } from '../backend/backend.ts';
import { toAgorError } from '../backend/rpc-failure.ts';
import type { CommandId } from '../command-ids.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { asText, type Board, helpAnswer, sentAnswer, statusAnswer, tasksAnswer } from './chat-answer.ts';
import { letterOfPrompt } from './letter-of-prompt.ts';

export const participantId = 'agor.team';

export type ParticipantDeps = { readonly backend: Backend; readonly fleet: Fleet };

/** Of the same names as in package.json. */
const answers = { status: answerStatus, tasks: answerTasks, send: answerSend } as const;
type Command = keyof typeof answers;
const commandNames: readonly Command[] = ['status', 'tasks', 'send'];

/** Editors that are built from VS Code without its chat do not have it. */
export function offerParticipant(deps: ParticipantDeps): Disposable[] {
  // The types are of the oldest version that is supported, and a fork may lack what they name.
  const offered: Partial<typeof chat> | undefined = chat;
  if (typeof offered?.createChatParticipant !== 'function') return [];
  const participant = offered.createChatParticipant(participantId, (request, _context, stream, token) =>
    answer(deps, request, stream, token),
  );
  participant.iconPath = new ThemeIcon('organization');
  participant.followupProvider = { provideFollowups: ({ metadata }) => followups(metadata?.command) };
  return [participant];
}

/** For tests too: what is asked, and where the answer goes. */
export async function answer(
  deps: ParticipantDeps,
  request: Pick<ChatRequest, 'command' | 'prompt'>,
  stream: Pick<ChatResponseStream, 'markdown' | 'button' | 'progress'>,
  token: CancellationToken,
): Promise<ChatResult> {
  const command = commandOf(request.command);
  try {
    if (!command) stream.markdown(safely(helpAnswer(l10n.t)));
    else await answers[command](deps, request.prompt, stream, token);
    return { metadata: { command } };
  } catch (error) {
    const { message, code } = toAgorError(error, l10n.t);
    if (code === 'unavailable') button(stream, 'agor.restartBackend', l10n.t('Restart Backend'));
    return { errorDetails: { message: asText(message) }, metadata: { command } };
  }
}

type Stream = Pick<ChatResponseStream, 'markdown' | 'button' | 'progress'>;

async function answerStatus({ fleet }: ParticipantDeps, _prompt: string, stream: Stream): Promise<void> {
  await fleet.whenLoaded();
  const { projects, agents, approvals } = fleet.state;
  stream.markdown(safely(statusAnswer({ projects, agents, openApprovals: approvals.length }, l10n.t)));
  if (approvals.length > 0) button(stream, 'agor.answerApproval', l10n.t('Answer Approval'));
  if (agents.length === 0) button(stream, 'agor.addAgent', l10n.t('Add Agent'));
}

async function answerTasks({ backend }: ParticipantDeps, _prompt: string, stream: Stream, token: CancellationToken): Promise<void> {
  const { teams } = await backend.call('team/list', {}, token);
  const boards = teams.map(
    async (team): Promise<Board> => ({ team, tasks: (await backend.call('task/list', { team: team.id }, token)).tasks }),
  );
  stream.markdown(safely(tasksAnswer(await Promise.all(boards), l10n.t)));
  button(stream, 'agor.openBoard', l10n.t('Open Board'));
}

/** The person typed it and pressed Enter, so it is sent as theirs. */
async function answerSend({ backend, fleet }: ParticipantDeps, prompt: string, stream: Stream, token: CancellationToken): Promise<void> {
  await fleet.whenLoaded();
  const names = fleet.state.agents.map(({ name }) => name);
  const letter = letterOfPrompt(prompt, names);
  if (!letter) throw new AgorError('badRequest', l10n.t('Name an agent and what to tell it: /send builder The tests are red'));
  stream.markdown(safely(sentAnswer(await backend.call('message/send', letter, token), l10n.t)));
}

/** Without trust, so that no link in it runs a command; and without HTML and icons. */
function safely(markdown: string): MarkdownString {
  const text = new MarkdownString(markdown, false);
  text.isTrusted = false;
  text.supportHtml = false;
  return text;
}

function button(stream: Stream, command: CommandId, title: string): void {
  stream.button({ command, title });
}

function followups(after: unknown): ChatFollowup[] {
  const offered: readonly (ChatFollowup & { readonly command: Command })[] = [
    { prompt: '', command: 'status', label: l10n.t('How are the agents?') },
    { prompt: '', command: 'tasks', label: l10n.t('What is on the board?') },
  ];
  return offered.filter(({ command }) => command !== after);
}

function commandOf(name: string | undefined): Command | undefined {
  return commandNames.find((known) => known === name);
}
