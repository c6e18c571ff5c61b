/** Who may write to whom. Pure: a message is refused in the backend by these rules and nowhere else. */
import type { PartyId, TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { AgentRole } from '../protocol/team.ts';

/** An agent as the rules see it. */
export type Standing = {
  readonly id: PartyId;
  readonly teamId: TeamId;
  /** In a group of `groups.json`, whose contacts are kept; else everyone of the project knows everyone. */
  readonly isInGroup: boolean;
};

export type WriteFacts = {
  /** Null for a party that is no agent. */
  readonly from: Standing | null;
  readonly to: Standing | null;
  /** There is a row that allows it. */
  readonly isContact: boolean;
  /** The recipient wrote first, so that it may be answered. */
  readonly wasWrittenTo: boolean;
};

export function mayWrite(from: PartyId, to: PartyId, facts: WriteFacts): boolean {
  if (from === to) return false;
  if (from === partyIds.person || from === partyIds.system) return to !== partyIds.system;
  if (from === partyIds.assistant) return facts.to !== null;
  if (to === partyIds.system || !facts.from) return false;
  if (facts.isContact || facts.wasWrittenTo) return true;
  if (facts.from.isInGroup) return false;
  return to === partyIds.person || (facts.to !== null && isTeammate(facts.from, facts.to));
}

/** Both in no group, and in the same project. */
export function isTeammate(from: Standing, to: Standing): boolean {
  return !from.isInGroup && !to.isInGroup && from.teamId === to.teamId && from.id !== to.id;
}

/** Whether a member of a group may write to another where `groups.json` does not say. */
export function knowsByDefault(from: AgentRole, to: AgentRole): boolean {
  return from !== 'project' || to === 'manager';
}

/** Only the manager talks to the person without being asked. */
export function knowsPersonByDefault(role: AgentRole): boolean {
  return role === 'manager';
}

export type Refusal = {
  readonly from: string;
  readonly to: string;
  /** Those whom the sender may write to, by name. */
  readonly contacts: readonly string[];
  /** The managers of its team, by name. */
  readonly managers: readonly string[];
};

export function refusalText({ from, to, contacts, managers }: Refusal): string {
  const may = contacts.length === 0 ? 'You may write to nobody' : `You may write to: ${contacts.join(', ')}`;
  const manager = managers.find((name) => name !== from && contacts.includes(name));
  const remedy =
    manager === undefined ? `The person can allow it: btmsg allow ${from} ${to}.` : `Ask your manager, ${manager}, to pass it on.`;
  return `You may not write to ${to}. ${may}. ${remedy}`;
}
