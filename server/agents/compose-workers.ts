/** What the worker of one agent takes from the parts around it. */
import type { Failure } from '../protocol/agent-event.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import { keepsTurns } from './agent-view.ts';
import type { WorkerDeps } from './agent-worker.ts';
import type { AgentRecords, AgentsSetup } from './compose.ts';
import type { NewPrompts } from './new-prompts.ts';
import type { QueuedPrompt } from './prompt-queue.ts';
import type { Restarts } from './restarts.ts';
import { isCode } from './session-opener.ts';
import type { TurnSlots } from './turn-slots.ts';
import type { HowItFailed, PromptExtras } from './waiting-prompts.ts';

type WorkerParts = {
  readonly setup: AgentsSetup;
  readonly records: Pick<AgentRecords, 'registry' | 'sessions' | 'prompts'>;
  readonly newPrompts: NewPrompts;
  readonly slots: TurnSlots;
  readonly restarts: Restarts;
  readonly touch: (id: AgentId) => void;
  readonly startableProject: (id: ProjectId) => Project;
};

export function workerDepsOf(
  { setup, records, newPrompts, slots, restarts, touch, startableProject }: WorkerParts,
  id: AgentId,
): WorkerDeps {
  const { supervisor, store, log, readSecrets } = setup;
  const { registry, sessions, prompts } = records;
  // Numbers go on after what either file has: one of them may have been written without the other.
  const ackedSeq = () => Math.max(sessions.ackedSeq(id), store.ackedSeq(id));
  return {
    record: () => registry.get(id),
    startRun: async () => setup.startRun(registry.get(id), startableProject(registry.get(id).projectId), ackedSeq()),
    stopRun: (because) => supervisor.stop(id, because),
    run: () => supervisor.run(id),
    reachRun: () => supervisor.reach(id),
    nextPrompt: () => prompts.next(id),
    isMailDue: () => setup.mail.isDue(id),
    promptWithMail: () => newPrompts.addMail(id),
    extrasOf: (prompt) => extrasOf(setup, prompt, sessions.get(prompt.sessionId).turnCount),
    takeBackMail: (prompt) => newPrompts.drop(prompt),
    takeTurn: () => slots.take(id),
    isHeldBack: () => restarts.holdsBack(id),
    isHeld: () => keepsTurns(setup.holdOf?.(id) ?? null),
    providerSession: (sessionId) => {
      const { providerSessionId, model, usage } = sessions.get(sessionId);
      return { providerSessionId, usage, model: registry.get(id).model ?? model };
    },
    readSecrets,
    failPrompt: (prompt, failure, how) => failPrompt(setup, records, { prompt, failure, how }),
    failureOf,
    onChange: () => touch(id),
    clock: setup.clock,
    log: (message, fields) => log(message, { agentId: id, ...fields }),
  };
}

type FailedPrompt = { readonly prompt: QueuedPrompt; readonly failure: Failure; readonly how: HowItFailed };

/** Mail that it carried waits again, as after any turn that failed or crashed. */
function failPrompt(
  { btmsgFile, mail, now }: AgentsSetup,
  { sessions, prompts }: WorkerParts['records'],
  { prompt, failure, how }: FailedPrompt,
): void {
  const { id, agentId, sessionId } = prompt;
  sessions.failPrompt(sessionId, id, failure, () => prompts.markSent(id));
  const moment = { sessionId, at: now() };
  btmsgFile.write(() => {
    mail.turnStarted(agentId, [id], moment);
    mail.turnEnded(agentId, how, moment);
  });
}

function extrasOf({ mail, briefing }: AgentsSetup, { id, agentId }: QueuedPrompt, turnCount: number): PromptExtras {
  const carried = mail.carried(agentId, id);
  const context = briefing(agentId, turnCount);
  return { ...(carried.length > 0 ? { mail: carried } : {}), ...(context === undefined ? {} : { context }) };
}

/** A failure to start is told in its own words; they say what was tried and what to do. */
function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { type: isCode(error, 'needsCredentials') ? 'auth' : 'unknown', message, retryable: false };
}
