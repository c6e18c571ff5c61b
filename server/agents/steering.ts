/** Gives a prompt that waits into the turn that runs, where the agent's program takes that. */
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, PromptId } from '../protocol/ids.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { PromptQueue, QueuedPrompt } from './prompt-queue.ts';

type Parts = {
  readonly registry: AgentRegistry;
  readonly prompts: PromptQueue;
  readonly worker: (id: AgentId) => AgentWorker;
};

/** Only the first that waits: prompts go out in the order in which they were sent. */
export async function steer(parts: Parts, { agent, promptId }: Params<'agent/steer'>): Promise<Result<'agent/steer'>> {
  const record = parts.registry.find(agent);
  const worker = parts.worker(record.id);
  const prompt = waiting(parts, record, promptId);
  if (typeof prompt === 'string') return { promptId: prompt, joined: true };
  const { capabilities, turnSession } = worker.status;
  if (turnSession === undefined) {
    worker.wake();
    return { promptId: prompt.id, joined: false };
  }
  if (!capabilities?.steer)
    throw new AgorError(
      'refused',
      `The program of ${record.name} takes no prompt into a running turn. It gets this one when its turn ends.`,
    );
  if (record.paused) throw new AgorError('conflict', `${record.name} is paused. Resume it, then its prompts are given.`);
  if (prompt.sessionId !== turnSession)
    throw new AgorError('conflict', 'The running turn is of another session. The prompt is given when it ends, or when you interrupt it.');
  return { promptId: prompt.id, joined: await worker.steer(prompt) };
}

/** Only the id of one that was given meanwhile. */
function waiting(
  { prompts }: Parts,
  { id, name }: { readonly id: AgentId; readonly name: string },
  wanted?: PromptId,
): QueuedPrompt | PromptId {
  const next = prompts.next(id);
  if (wanted === undefined || next?.id === wanted) {
    if (next) return next;
    throw new AgorError('notFound', `No prompt waits for ${name}. Send one first.`);
  }
  if (prompts.get(wanted)?.agentId !== id) throw new AgorError('notFound', `${name} was given no prompt of that id.`);
  if (prompts.stateOf(wanted) === 'sent') return wanted;
  if (prompts.stateOf(wanted) === 'dropped') throw new AgorError('conflict', 'That prompt was taken back. Send it again.');
  throw new AgorError(
    'conflict',
    'Other prompts wait before this one. Send those first: they go out in the order in which they were sent.',
  );
}
