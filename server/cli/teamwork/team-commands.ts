/** The verbs of `btmsg` about the team: who is there, who one is, and who may write to whom. */
import { resolve } from 'node:path';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import type { Desk } from './desk.ts';
import { graphLines } from './graph.ts';
import { given } from './typed.ts';

type Where = { readonly team?: string };
type RegisterOptions = { readonly tier?: number; readonly model?: string; readonly cwd?: string; readonly provider?: string };

export async function contacts(desk: Desk, { of }: { readonly of?: string }): Promise<Outcome> {
  const found = await desk.door.call('message/contacts', given({ of }));
  const rows = found.contacts.map(({ party, role, project, presence, mayWrite }) => [
    oneLine(party.name, 40),
    role,
    oneLine(project, 40),
    presence,
    mayWrite ? 'yes' : 'no',
  ]);
  return {
    json: found,
    lines: () => (rows.length === 0 ? ['There is nobody to write to.'] : table(['NAME', 'ROLE', 'PROJECT', 'PRESENCE', 'MAY WRITE'], rows)),
  };
}

export async function allow(desk: Desk, from: string, to: string, { both }: { readonly both?: boolean }): Promise<Outcome> {
  const answer = await desk.door.call('message/allow', { from, to, ...given({ both }) });
  const lines = answer.allowed.map((pair) => `${oneLine(pair.from.name, 40)} may write to ${oneLine(pair.to.name, 40)}.`);
  return { json: answer, lines: () => lines };
}

export async function status(desk: Desk, { team }: Where): Promise<Outcome> {
  const found = await desk.door.call('message/status', await desk.team(team));
  const rows = found.agents.map(({ party, role, tier, project, status, activity, lastHeartbeatAt, unread, owed }) => [
    oneLine(party.name, 40),
    role,
    String(tier),
    oneLine(project, 40),
    status,
    oneLine(activity, 40),
    lastHeartbeatAt === null ? 'never' : agoText(lastHeartbeatAt, desk.now),
    String(unread),
    String(owed),
  ]);
  const heading = ['NAME', 'ROLE', 'TIER', 'PROJECT', 'STATUS', 'ACTIVITY', 'HEARTBEAT', 'UNREAD', 'OWED'];
  return { json: found, lines: () => (rows.length === 0 ? ['The team has no agents yet.'] : table(heading, rows)) };
}

export async function whoami(desk: Desk): Promise<Outcome> {
  const me = await desk.door.call('message/whoami', {});
  const facts = [
    ['name', oneLine(me.party.name, 40)],
    ['id', me.party.id],
    ['role', `${me.role}, tier ${me.tier}`],
    ...(me.team === null ? [] : [['team', oneLine(me.team, 40)]]),
    ...(me.project === null ? [] : [['project', oneLine(me.project, 40)]]),
    ['unread', String(me.unread)],
    ['owed', String(me.owed)],
  ];
  return { json: me, lines: (style) => facts.map(([name = '', value = '']) => `${style('dim', name.padEnd(8))} ${value}`) };
}

export async function graph(desk: Desk, { team }: Where): Promise<Outcome> {
  const found = await desk.door.call('message/graph', await desk.team(team));
  return { json: found, lines: (style) => (found.nodes.length === 0 ? ['The team has no agents yet.'] : graphLines(found, style)) };
}

type Registered = [desk: Desk, id: string, name: string, role: string, group: string, options: RegisterOptions];

export async function register(...[desk, id, name, role, group, { tier, model, cwd, provider }]: Registered): Promise<Outcome> {
  const place = cwd === undefined ? {} : { cwd: resolve(desk.cwd, cwd) };
  const answer = await desk.door.call('message/register', { id, name, role, group, ...place, ...given({ tier, model, provider }) });
  const { profile, isNew } = answer;
  return { json: answer, lines: () => [`${isNew ? 'Added' : 'Updated'} ${oneLine(name, 40)}: ${profile.role}, tier ${profile.tier}.`] };
}

export async function heartbeat(desk: Desk): Promise<Outcome> {
  const beat = await desk.door.call('message/heartbeat', {});
  return { json: beat, lines: () => ['Recorded.'] };
}
