/** `agor agent attach`: a terminal that stays with an agent. */
import type { Command } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { findAgent } from '../agent-reference.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { wholeNumber } from './whole-number.ts';

type Options = { readonly project?: string; readonly lines: number };

const help = `
A line that is typed is a prompt. /allow and /session allow what is asked, /deny [why] denies it, /stop ends the turn,
/leave or Ctrl+D leaves. Leaving stops nothing: the agent works on, and any number of terminals and windows may be
attached at once.

Examples:
  agor agent attach demo
  agor agent attach builder --lines 5`;

export function addAttachCommand(parent: Command): void {
  parent
    .command('attach')
    .summary('stay with an agent: read along, prompt, answer')
    .description('Shows the end of what was said, goes on with what is said from now on, and takes prompts and answers.')
    .argument('<agent>', 'name or id')
    .option('-n, --lines <count>', 'how many items of before', wholeNumber, 20)
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .addHelpText('after', help)
    .action(run(attach));
}

async function attach(invocation: Invocation, typed: string, options: Options): Promise<Outcome> {
  if (invocation.env.AGOR_RUN_TOKEN) throw new AgorError('refused', 'An agent may not attach to an agent; a person does that.');
  if (invocation.json) throw new AgorError('badRequest', 'A terminal that is attached has no JSON. Use: agor agent monitor');
  const agent = await findAgent(invocation, typed, options);
  const { AttachedSession } = await import('../attached-session.ts');
  await new AttachedSession(invocation, agent).stay(options.lines);
  return { json: undefined, lines: () => [] };
}
