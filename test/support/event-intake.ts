/** The intake of a backend over the databases of a test, with what it writes to. */
import { Approvals } from '../../server/agents/approvals.ts';
import { EventIntake } from '../../server/agents/event-intake.ts';
import { PromptQueue } from '../../server/agents/prompt-queue.ts';
import { Sessions } from '../../server/agents/sessions.ts';
import { questionsOf } from './asked.ts';
import { noMail } from './no-mail.ts';
import { hashOf, type TestStores } from './test-stores.ts';

export function eventIntake({ btmsg: file, sessions: sessionsFile, audit }: TestStores['stores'], now: () => number) {
  const approvals = new Approvals({ file, audit, now, hashOf });
  const sessions = new Sessions({ file: sessionsFile, now, hashOf, measure: () => {} });
  const prompts = new PromptQueue(sessionsFile.db);
  const nobodyElse = { mail: noMail, turnEnded: () => {}, asked: () => {}, log: () => {} };
  const intake = new EventIntake({ ...nobodyElse, file, audit, approvals, questions: questionsOf(approvals), prompts, sessions, now });
  return { approvals, prompts, sessions, intake };
}
