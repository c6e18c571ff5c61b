/** `agor agent steer`: what waits goes into the turn that runs. */
import type { Command } from 'commander';
import { findAgent } from '../agent-reference.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

type Options = { readonly project?: string };

export function addSteerCommand(parent: Command): void {
  parent
    .command('steer')
    .summary('give the prompt that waits into the running turn')
    .description("Gives an agent the first prompt that waits, into the turn that runs, where the agent's program takes that.")
    .argument('<agent>', 'name or id of the agent')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(steerAgent));
}

async function steerAgent(invocation: Invocation, typed: string, options: Options): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const steered = await backend.call('agent/steer', { agent: id });
  const text = steered.joined ? `${name} has it in the turn that runs.` : `No turn of ${name} runs; it begins with it now.`;
  return { json: steered, lines: () => [text] };
}
