/** How a turn ended, in words. */
import type { TurnEndReason } from '../../server/protocol/agent-event.ts';
import type { ChatText } from '../../server/protocol/chat-texts.ts';
import type { Item } from '../../server/protocol/session.ts';
import { t } from './texts.ts';

export type TurnEnd = Extract<Item, { kind: 'turnEnd' }>;

const reasons: Record<TurnEndReason, ChatText> = {
  completed: 'turnCompleted',
  interrupted: 'turnInterrupted',
  refused: 'turnRefused',
  limit: 'turnLimit',
  failed: 'turnFailed',
  crashed: 'turnCrashed',
};

export function turnEndText({ reason, failure }: TurnEnd): string {
  if (!failure) return t(reasons[reason]);
  // It names which of the agent's processes went away, or what stopped it where no person did.
  return reason === 'crashed' || reason === 'interrupted' ? failure.message : `${t(reasons[reason])}: ${failure.message}`;
}

export function isBadEnd({ reason, failure }: TurnEnd): boolean {
  return failure !== null || reason === 'failed' || reason === 'crashed';
}
