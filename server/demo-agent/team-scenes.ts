/** The scenes of the words for working in a team: mail and the board of tasks, without a model. */
import * as z from 'zod/mini';
import { MessageId, shortId } from '../protocol/ids.ts';
import { messageRequests } from '../protocol/message-requests.ts';
import type { Task } from '../protocol/task.ts';
import { taskRequests } from '../protocol/task-requests.ts';
import { type Asked, askTeam } from './team-call.ts';
import type { DemoTurn } from './turn.ts';
import { argumentsOf } from './words.ts';

const Sent = z.union([messageRequests['message/send'].result, z.object({ queued: z.literal(true), messageId: MessageId })]);

export async function tellSomeone(turn: DemoTurn): Promise<void> {
  const [, to, text] = /^(\S+)\s+([\s\S]+)$/.exec(argumentsOf(turn.prompt)) ?? [];
  if (to === undefined || text === undefined) return sayHow(turn, 'tell ann Is the door done?');
  await send(turn, { name: 'send_message', title: `Write to ${to}`, method: 'message/send', params: { to, text } });
}

export async function replyToSomeone(turn: DemoTurn): Promise<void> {
  const [, message, text] = /^(\S+)\s+([\s\S]+)$/.exec(argumentsOf(turn.prompt)) ?? [];
  if (message === undefined || text === undefined) return sayHow(turn, 'reply 4f21c0aa It is.');
  await send(turn, replyCall(message, text));
}

export async function showInbox(turn: DemoTurn): Promise<void> {
  const asked = { name: 'inbox', title: 'Look into my inbox', method: 'message/inbox', params: {} };
  const answer = messageRequests['message/inbox'].result.safeParse(await askTeam(turn, asked));
  if (!answer.success) return;
  const lines = answer.data.messages.map(({ id, from, text }) => `- \`${shortId(id)}\` from **${plain(from.name)}**: ${plain(text)}`);
  await turn.voice.say(`I have not read ${answer.data.unread} of my messages.\n\n${lines.join('\n')}\n`);
}

export async function showTasks(turn: DemoTurn): Promise<void> {
  const asked = { name: 'list_tasks', title: 'Look at the board', method: 'task/list', params: {} };
  const answer = taskRequests['task/list'].result.safeParse(await askTeam(turn, asked));
  if (!answer.success) return;
  const { tasks } = answer.data;
  await turn.voice.say(tasks.length === 0 ? 'There is nothing to do.\n' : `${tasks.map((task) => `- ${taskText(task)}`).join('\n')}\n`);
}

export async function addTask(turn: DemoTurn): Promise<void> {
  const title = argumentsOf(turn.prompt);
  if (title === '') return sayHow(turn, 'task Build the door');
  await change(turn, { name: 'add_task', title: 'Add a task', method: 'task/add', params: { title } });
}

export async function moveTask(turn: DemoTurn): Promise<void> {
  const [, task, state] = /^#?(\S+)\s+(\S+)$/.exec(argumentsOf(turn.prompt)) ?? [];
  if (task === undefined || state === undefined) return sayHow(turn, 'move 12 review');
  await change(turn, { name: 'move_task', title: `Move task ${task} to ${state}`, method: 'task/move', params: { task, state } });
}

export function replyCall(message: string, text: string): Asked {
  return { name: 'reply_message', title: `Answer ${message}`, method: 'message/reply', params: { message, text } };
}

export async function send(turn: DemoTurn, asked: Asked): Promise<void> {
  const sent = Sent.safeParse(await askTeam(turn, asked));
  if (!sent.success) return;
  const { data } = sent;
  const what =
    'queued' in data ? `is kept as \`${shortId(data.messageId)}\` until the backend is back` : `is sent as \`${shortId(data.message.id)}\``;
  await turn.voice.say(`It ${what}.${'note' in data && data.note !== null ? ` ${plain(data.note)}` : ''}\n`);
}

/** What others wrote is neither markup nor a line of ours. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&')
    .trim();
}

async function change(turn: DemoTurn, asked: Asked): Promise<void> {
  const task = taskRequests['task/add'].result.safeParse(await askTeam(turn, asked));
  if (task.success) await turn.voice.say(`On the board: ${taskText(task.data)}\n`);
}

function taskText({ number, state, title, assignee }: Task): string {
  return `**#${number}** ${plain(title)} (${state}${assignee ? `, for ${plain(assignee.name)}` : ''})`;
}

function sayHow(turn: DemoTurn, example: string): Promise<void> {
  return turn.voice.say(`Say it like this: \`${example}\`\n`);
}
