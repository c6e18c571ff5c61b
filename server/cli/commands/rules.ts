/** `agor rules`: what a person has answered once for all. */
import type { Command } from 'commander';
import { namesOf } from '../approval-text.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { requirePerson } from '../require-person.ts';
import { ruleLines } from '../rule-text.ts';

const help = `
A rule is made from a question that was shown, and answers that very question again: in the same project, the same command
line in the same folder with the same program, or changes of the same file. "Never" goes before "always".

Examples:
  agor approve 9c1e55d0 --always
  agor deny 9c1e55d0 --never --days 7
  agor rules list
  agor rules remove 41aa07c2`;

export function addRuleCommands(program: Command): void {
  const rules = group(program, { name: 'rules', description: 'Rules that answer questions of agents: list and remove.' });
  rules.addHelpText('after', help);
  rules
    .command('list')
    .summary('list the rules')
    .description('Lists the rules of all projects, or of one, with all that each compares.')
    .option('-p, --project <project>', 'only the rules of this project')
    .action(run(list));
  rules
    .command('remove')
    .summary('remove a rule')
    .description('Removes a rule. What it answered stays answered; from now on you are asked again.')
    .argument('<rule>', 'id of the rule')
    .action(run(remove));
}

async function list(invocation: Invocation, options: { readonly project?: string }): Promise<Outcome> {
  const backend = await invocation.backend();
  const { rules } = await backend.call('rule/list', options);
  const names = await namesOf(backend);
  return {
    json: { rules },
    lines: (style) =>
      rules.length === 0
        ? ['There is no rule: you are asked each time.']
        : rules.flatMap((rule) => [...ruleLines(rule, { names, now: invocation.now, style }), '']).slice(0, -1),
  };
}

async function remove(invocation: Invocation, typed: string): Promise<Outcome> {
  requirePerson(invocation);
  const backend = await invocation.backend();
  const rule = await backend.call('rule/remove', { rule: typed });
  const names = await namesOf(backend);
  return { json: rule, lines: (style) => ['Removed:', ...ruleLines(rule, { names, now: invocation.now, style })] };
}
