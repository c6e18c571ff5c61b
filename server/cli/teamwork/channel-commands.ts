/** `btmsg channel`: what several read together. */
import type { Command } from 'commander';
import { group } from '../command-group.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import type { AtDesk, Desk } from './desk.ts';
import { conversationLines } from './message-text.ts';
import { type SendOptions, send } from './send-messages.ts';
import { given } from './typed.ts';
import { attachOption, limited, teamed, textArgument, verb } from './verbs.ts';

type Where = { readonly team?: string };

export function addChannelCommands(program: Command, at: AtDesk): void {
  const channel = group(program, { name: 'channel', description: 'Channels: what several read together.' });
  onChannel(channel, 'create', 'Create a channel. One that is there already stays as it is.')
    .option('--member <agent>', 'who reads it, besides you; can be given several times', (name: string, before: string[] = []) => [
      ...before,
      name,
    ])
    .action(at(create));
  teamed(verb(channel, 'list', 'List the channels.')).action(at(list));
  onChannel(channel, 'send', 'Send a message to all members.')
    .addArgument(textArgument())
    .addOption(attachOption())
    .allowUnknownOption()
    .action(at((desk: Desk, name: string, words: string[], options: SendOptions) => send(desk, marked(name), words, options)));
  limited(onChannel(channel, 'history', 'Show what was said in a channel.')).action(at(history));
  onChannel(channel, 'add', 'Add a member.').argument('<agent>', 'name or id').action(at(add));
}

function onChannel(parent: Command, name: string, does: string): Command {
  return teamed(verb(parent, name, does).argument('<channel>', 'its name'));
}

function marked(name: string): string {
  return name.startsWith('#') ? name : `#${name}`;
}

async function create(desk: Desk, name: string, { team, member }: Where & { readonly member?: string[] }): Promise<Outcome> {
  const answer = await desk.door.call('channel/create', { name, ...(await desk.team(team)), ...given({ members: member }) });
  const said = answer.isNew ? 'Created' : 'There already:';
  return { json: answer, lines: () => [`${said} #${oneLine(answer.channel.name, 50)}, ${membersText(answer.channel.members.length)}.`] };
}

async function list(desk: Desk, { team }: Where): Promise<Outcome> {
  const found = await desk.door.call('channel/list', await desk.team(team));
  const rows = found.channels.map(({ name, members, createdBy, createdAt }) => [
    `#${oneLine(name, 50)}`,
    oneLine(members.map((member) => member.name).join(', '), 80),
    oneLine(createdBy.name, 40),
    agoText(createdAt, desk.now),
  ]);
  return {
    json: found,
    lines: () => (rows.length === 0 ? ['There is no channel yet.'] : table(['NAME', 'MEMBERS', 'BY', 'CREATED'], rows)),
  };
}

async function history(desk: Desk, channel: string, { team, limit }: Where & { readonly limit?: number }): Promise<Outcome> {
  const found = await desk.door.call('channel/history', { channel, ...(await desk.team(team)), ...given({ limit }) });
  return {
    json: found,
    lines: (style) => (found.messages.length === 0 ? ['Nothing was said there yet.'] : conversationLines(found.messages, desk.now, style)),
  };
}

async function add(desk: Desk, channel: string, member: string, { team }: Where): Promise<Outcome> {
  const changed = await desk.door.call('channel/add', { channel, member, ...(await desk.team(team)) });
  return { json: changed, lines: () => [`#${oneLine(changed.name, 50)} has ${membersText(changed.members.length)} now.`] };
}

function membersText(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}
