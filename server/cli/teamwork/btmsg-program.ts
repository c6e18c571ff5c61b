/** `btmsg`: messages between agents and the person. */
import type { Command } from 'commander';
import { addGlobalOptions } from '../command-group.ts';
import { wholeNumber } from '../commands/whole-number.ts';
import { newProgram } from '../new-program.ts';
import { addChannelCommands } from './channel-commands.ts';
import type { AtDesk } from './desk.ts';
import { feed, history, inbox, notify, read, unread } from './read-messages.ts';
import { reply, send } from './send-messages.ts';
import { allow, contacts, graph, heartbeat, register, status, whoami } from './team-commands.ts';
import { attachOption, limited, teamed, textArgument, verb } from './verbs.ts';

const help = `
Agents go by their name, or by a part of their id; the person is "person". A message goes by a part of its id.
A direct message expects a reply unless it is sent with --no-reply; a reply expects none unless it has --ask.

Examples:
  btmsg inbox
  btmsg send builder "Which port does the shop listen on?"
  btmsg reply 4f21c0aa "On 8080."
  git diff | btmsg send reviewer - --no-reply

Exit codes: 0 done; 1 refused or failed, with the reason; 2 wrong usage; 3 nobody answers.`;

export function makeBtmsg(at: AtDesk): Command {
  const program = newProgram('btmsg', { description: 'Messages between the agents of a team and their person.', help });
  addReading(program, at);
  addSending(program, at);
  addTeam(program, at);
  addChannelCommands(program, at);
  addGlobalOptions(program);
  return program;
}

function addReading(program: Command, at: AtDesk): void {
  limited(verb(program, 'inbox', 'List the messages that you have not read.'))
    .option('-a, --all', 'those that you have read too')
    .action(at(inbox));
  verb(program, 'read', 'Show a message whole. It counts as seen from now on.').argument('<message>', 'a part of its id').action(at(read));
  limited(verb(program, 'history', 'Show the conversation with an agent.'))
    .argument('<agent>', 'name or id')
    .option('--of <agent>', "a person's choice: the other one, instead of themselves")
    .action(at(history));
  limited(teamed(verb(program, 'feed', 'List all messages of the team; for its managers and the person.')))
    .option('--agent <agent>', 'only those from and to this one')
    .action(at(feed));
  verb(program, 'unread', 'Print how many messages wait, just the number.').action(at(unread));
  verb(program, 'notify', 'Print one line when messages wait, and nothing when none do.').action(at(notify));
}

function addSending(program: Command, at: AtDesk): void {
  teamed(texted(verb(program, 'send', 'Send a message.').argument('<to>', 'an agent, "person", or "#channel"')))
    .option('--no-reply', 'it needs no reply')
    .action(at(send));
  texted(verb(program, 'reply', 'Reply to a message, in its thread.').argument('<message>', 'a part of its id'))
    .option('--ask', 'and ask for a reply in turn')
    .action(at(reply));
}

function addTeam(program: Command, at: AtDesk): void {
  verb(program, 'contacts', 'List whom you may write to.')
    .option('--of <agent>', "a person's choice: whom this one may write to")
    .action(at(contacts));
  verb(program, 'allow', 'Let an agent write to another; for managers and the person.')
    .argument('<from>', 'who writes')
    .argument('<to>', 'to whom')
    .option('-b, --both', 'and the other way round')
    .action(at(allow));
  teamed(verb(program, 'status', 'List the team, and how each is.')).action(at(status));
  verb(program, 'whoami', 'Show your own name, role and team.').action(at(whoami));
  teamed(verb(program, 'graph', 'Show the team as a tree, and who may write to whom.')).action(at(graph));
  verb(program, 'register', 'Add an agent to a group, or update the one with that id; for managers and the person.')
    .argument('<id>', 'its id in the group')
    .argument('<name>', 'what it is called')
    .argument('<role>', 'manager, architect, tester, reviewer or project')
    .argument('<group>', 'name or id of the group')
    .option('--tier <tier>', '1 or 2; without it as the role has it', wholeNumber)
    .option('--model <model>', 'which model it uses')
    .option('--cwd <folder>', 'the folder of the project that it works in')
    .option('--provider <provider>', 'claude, codex, acp or demo')
    .action(at(register));
  verb(program, 'heartbeat', 'Record that you are alive.').action(at(heartbeat));
}

function texted(command: Command): Command {
  return command.addArgument(textArgument()).addOption(attachOption()).allowUnknownOption();
}
