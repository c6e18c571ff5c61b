/** Pure steps of the extension's picture of teams and of what was written to the person. */
import type { DeadLetter, Message } from '../../server/protocol/message.ts';
import type { HeldItem } from '../../server/protocol/screening.ts';
import type { AgentProfile, Team, Teammate } from '../../server/protocol/team.ts';

export type TeamworkState = {
  /** Whether the inbox was read once; before that nothing in it is news. */
  readonly isLoaded: boolean;
  readonly teams: readonly Team[];
  readonly profiles: readonly AgentProfile[];
  readonly teammates: readonly Teammate[];
  /** Messages to the person that nobody has read, the newest first. */
  readonly forPerson: readonly Message[];
  /** Texts that wait for the person, the oldest first. */
  readonly held: readonly HeldItem[];
  /** Those that nobody has settled, the newest first. */
  readonly deadLetters: readonly DeadLetter[];
};

export const emptyTeamwork: TeamworkState = {
  ...{ isLoaded: false, teams: [], profiles: [], teammates: [], forPerson: [], held: [], deadLetters: [] },
};

/** What an agent is in its team, and how it is, as far as that is known. */
export type Membership = { readonly profile: AgentProfile | undefined; readonly teammate: Teammate | undefined };

export function membershipOf({ profiles, teammates }: TeamworkState, agentId: string): Membership {
  return {
    profile: profiles.find((profile) => profile.agentId === agentId),
    teammate: teammates.find((teammate) => teammate.agentId === agentId),
  };
}

type TeamNews = {
  readonly teams?: readonly Team[] | undefined;
  readonly profiles: readonly AgentProfile[];
  readonly teammates: readonly Teammate[];
};

/** What is absent stays. */
export function withTeamNews(state: TeamworkState, { teams, profiles, teammates }: TeamNews): TeamworkState {
  return {
    ...state,
    teams: teams ?? state.teams,
    profiles: profiles.reduce(putByAgent, state.profiles),
    teammates: teammates.reduce(putByAgent, state.teammates),
  };
}

export function withoutMember(state: TeamworkState, agentId: string): TeamworkState {
  return {
    ...state,
    profiles: state.profiles.filter((profile) => profile.agentId !== agentId),
    teammates: state.teammates.filter((teammate) => teammate.agentId !== agentId),
  };
}

export function withInbox(state: TeamworkState, messages: readonly Message[]): TeamworkState {
  return { ...state, isLoaded: true, forPerson: messages.filter(isForPerson).sort(newestFirst) };
}

export function withMessage(state: TeamworkState, message: Message): TeamworkState {
  const others = state.forPerson.filter(({ id }) => id !== message.id);
  if (isForPerson(message)) return { ...state, forPerson: [message, ...others].sort(newestFirst) };
  return others.length === state.forPerson.length ? state : { ...state, forPerson: others };
}

export function withDeadLetter(state: TeamworkState, deadLetter: DeadLetter): TeamworkState {
  const others = state.deadLetters.filter(({ id }) => id !== deadLetter.id);
  return { ...state, deadLetters: deadLetter.settlement === null ? [deadLetter, ...others] : others };
}

function isForPerson({ deliveries }: Message): boolean {
  return deliveries.some(({ to, state }) => to.id === 'person' && (state === 'queued' || state === 'delivered'));
}

function newestFirst(a: Message, b: Message): number {
  return b.sentAt - a.sentAt;
}

function putByAgent<T extends { readonly agentId: string }>(list: readonly T[], value: T): readonly T[] {
  return [...list.filter(({ agentId }) => agentId !== value.agentId), value];
}
