/** Whether mail reaches an agent by itself, as those who write to it are told. Pure. */
import type { Agent } from '../protocol/agent.ts';

export type Presence = {
  /** `here` gets mail at once or at the end of its turn, `asleep` is woken by it, `away` is not started by it. */
  readonly kind: 'here' | 'asleep' | 'away';
  readonly word: string;
};

export type PresenceFacts = Pick<Agent, 'state' | 'paused'> & { readonly isUp: boolean; readonly takesMail: boolean };

const words: Partial<Record<Agent['state'], string>> = {
  idle: 'ready',
  running: 'working',
  waitingForApproval: 'waiting for an approval',
  waitingForCredentials: 'waiting for credentials',
  waitingForTurn: 'waiting for a turn',
  held: 'held by its budget or the loop breaker',
  sleeping: 'asleep',
};

export function presenceOf({ state, paused, isUp, takesMail }: PresenceFacts): Presence {
  if (paused) return { kind: 'away', word: 'paused' };
  const word = words[state] ?? state;
  if (!takesMail || state === 'failed' || state === 'waitingForCredentials' || state === 'held') return { kind: 'away', word };
  return { kind: isUp || state === 'starting' ? 'here' : 'asleep', word };
}
