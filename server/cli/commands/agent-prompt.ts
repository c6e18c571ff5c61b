/** `agor agent prompt`: the main job without a window. */
import type { Command } from 'commander';
import { newId } from '../../base/uuid.ts';
import { AgorError } from '../../protocol/errors.ts';
import type { PromptId } from '../../protocol/ids.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Result } from '../../protocol/requests.ts';
import { findAgent } from '../agent-reference.ts';
import { exitCode, UnreachableError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { type FollowedPrompt, PromptFollower } from '../prompt-follower.ts';
import { promptText } from '../prompt-text.ts';

type Options = { readonly wait?: boolean; readonly now?: boolean; readonly project?: string };

const help = `
Without --wait the command ends as soon as the prompt is on the backend's disk; the agent works on without it.
With --wait the answer comes on stdout as it is written; tool calls, plans and questions come on stderr. It ends
when the turn ends, with exit code 0 only if the turn was completed. At a terminal a permission question is answered
by a key; elsewhere the command that answers it is shown. Ctrl+C interrupts the turn, a second one leaves at once.
With --now the prompt goes into the turn that runs instead of behind it, where the agent's program takes that.

Examples:
  agor agent prompt demo "hello" --wait
  git diff | agor agent prompt reviewer - --wait > review.md
  agor agent prompt demo --wait --json "list the files" | jq -r .text`;

export function addPromptCommand(parent: Command): void {
  parent
    .command('prompt')
    .summary('ask an agent something, and with --wait read its answer')
    .description('Gives an agent a prompt. The agent is started, and its session resumed, if needed.')
    .argument('<agent>', 'name or id of the agent')
    .argument('[text...]', 'the prompt; "-", or nothing, to read it from stdin')
    .option('-w, --wait', 'stream the answer and wait until the turn ends')
    .option('--now', 'give it into the turn that runs')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .addHelpText('after', help)
    .action(run(promptAgent));
}

async function promptAgent(invocation: Invocation, typed: string, words: string[], options: Options): Promise<Outcome> {
  const text = await promptText(words, process.stdin);
  const agent = await findAgent(invocation, typed, options);
  const sent = await send(invocation, { agent: agent.id, text, promptId: newId<PromptId>() });
  const joined = options.now && sent.queued ? await steer(invocation, agent.id, sent.promptId) : undefined;
  if (!options.wait) return { json: { ...sent, ...joined }, lines: () => [sentText(agent.name, sent, joined)] };
  const followed = await new PromptFollower(invocation, { ...sent, agentId: agent.id }).follow();
  return followedOutcome(sent, followed);
}

/** The same prompt id again is the same prompt, so one lost connection costs nothing. */
async function send(
  invocation: Invocation,
  prompt: { readonly agent: string; readonly text: string; readonly promptId: PromptId },
): Promise<Result<'agent/prompt'>> {
  const backend = await invocation.backend();
  try {
    return await backend.call('agent/prompt', prompt);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    const another = await invocation.reconnect();
    return another.call('agent/prompt', prompt);
  }
}

/** The prompt is on disk already: where it may not go into the turn it still waits, and that is said with the reason. */
async function steer(invocation: Invocation, agent: string, promptId: PromptId): Promise<Result<'agent/steer'>> {
  const backend = await invocation.backend();
  try {
    return await backend.call('agent/steer', { agent, promptId });
  } catch (error) {
    if (!(error instanceof AgorError)) throw error;
    throw new AgorError(error.code, `The prompt was kept and waits for its turn. ${error.message}`, { cause: error });
  }
}

function sentText(name: string, { sessionId, queued }: Result<'agent/prompt'>, steered?: Result<'agent/steer'>): string {
  const state = steered?.joined ? `${name} has it in the turn that runs` : queued ? `${name} will get to it` : `${name} is working on it`;
  return `Sent; ${state}. Read along with: agor session show ${shortId(sessionId)}`;
}

function followedOutcome({ promptId, sessionId }: Result<'agent/prompt'>, { ended, turnId, items }: FollowedPrompt): Outcome {
  const { reason, failure } = ended;
  const completed = reason === 'completed';
  if (!completed) process.stderr.write(`The turn did not complete: ${ended.text}\n`);
  const text = items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('\n\n');
  return {
    json: { promptId, sessionId, turnId: turnId ?? null, reason, failure, message: ended.text, text, items },
    lines: () => [],
    exitCode: completed ? exitCode.ok : exitCode.refused,
  };
}
