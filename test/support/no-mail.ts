/** Agents that nobody writes to. */
import type { MailSource } from '../../server/agents/mail-source.ts';

export const noMail: MailSource = {
  isDue: () => false,
  next: () => undefined,
  claim: () => {},
  unclaim: () => {},
  recoverClaims: () => {},
  carried: () => [],
  turnStarted: () => {},
  given: () => {},
  seen: () => {},
  turnEnded: () => {},
  runGone: () => {},
  takeQueued: () => {},
};
