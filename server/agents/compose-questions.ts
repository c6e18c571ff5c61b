/** Puts together how questions of agents are taken in, answered, and given up. */
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentWorker } from './agent-worker.ts';
import { Answers, type AnswersDeps } from './answers.ts';
import type { Approvals } from './approvals.ts';
import type { Judge } from './judge.ts';
import type { KnownFences } from './known-fences.ts';
import { NewQuestions } from './new-questions.ts';
import { QuestionLimits } from './question-limits.ts';
import type { Sessions } from './sessions.ts';
import type { Run } from './supervisor.ts';

type QuestionSetup = {
  readonly btmsgFile: RecordFile;
  readonly clock: Clock;
  readonly setting: Setting;
  readonly log: AnswersDeps['log'];
};

type QuestionParts = {
  readonly approvals: Approvals;
  readonly sessions: Sessions;
  readonly worker: (id: AgentId) => AgentWorker;
  readonly fences: KnownFences;
  readonly run: (id: AgentId) => Run | undefined;
  readonly judge: Judge;
};

export function buildQuestions(setup: QuestionSetup, { approvals, sessions, worker, fences, run, judge }: QuestionParts) {
  const { btmsgFile: file, clock, setting, log } = setup;
  const answers = new Answers({ file, approvals, sessions, worker, log });
  const limits = new QuestionLimits({ approvals, setting, expire: answers.expire.bind(answers), clock, log });
  const questions = new NewQuestions({
    ...{ approvals, judge },
    now: () => clock.now(),
    sandbox: (id) => fences.of(id).sandbox,
    isRunning: (id) => run(id) !== undefined,
    limitMs: () => limits.limitMs,
  });
  return { answers, limits, questions };
}
