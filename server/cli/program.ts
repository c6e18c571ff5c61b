/** The command line as a whole: every command, from one table, under one set of rules. */
import { type Argument, Command } from 'commander';
import { readBuildInfo } from '../base/build-info.ts';
import { addGlobalOptions } from './command-group.ts';
import { addAgentCommands } from './commands/agent.ts';
import { addApprovalCommands } from './commands/approval.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackendCommands } from './commands/backend.ts';
import { addConfigCommands } from './commands/config.ts';
import { addHealthCommand } from './commands/health.ts';
import { addImportCommand } from './commands/import.ts';
import { addLogLevelCommand } from './commands/log-level.ts';
import { addOutboxCommands } from './commands/outbox.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRecoverCommand } from './commands/recover.ts';
import { addSandboxCommands } from './commands/sandbox.ts';
import { addSecretCommands } from './commands/secret.ts';
import { addSessionCommands } from './commands/session.ts';
import { distDir } from './invocation.ts';

const commandModules = [
  addProjectCommands,
  addAgentCommands,
  addSessionCommands,
  addApprovalCommands,
  addSecretCommands,
  addOutboxCommands,
  addAuditCommands,
  addSandboxCommands,
  addConfigCommands,
  addHealthCommand,
  addLogLevelCommand,
  addBackendCommands,
  addRecoverCommand,
  addImportCommand,
];

const help = `
First steps, in the folder of a project:
  agor project add .
  agor agent add demo --provider demo
  agor agent prompt demo "hello" --wait

Things are named by their name, or by the id shown in lists; any unique beginning or end of an id will do. The backend
is started when it is needed, and serves all windows and commands that use the same data directory.

Exit codes: 0 done; 1 refused or failed, with the reason; 2 wrong usage; 3 the backend cannot be reached.`;

export function makeProgram(): Command {
  const program = new Command('agor')
    .description('Run coding agents on your projects, and stay in control.')
    .version(versionText(), '-V, --version', 'print the version and build')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ') })
    .addHelpText('after', help)
    // Settings above are taken over by the commands that are added after them.
    .exitOverride();
  for (const add of commandModules) add(program);
  addGlobalOptions(program);
  return program;
}

function versionText(): string {
  const { version, gitSha, buildTime } = readBuildInfo(distDir);
  const built = buildTime === 0 ? 'from sources' : `built ${new Date(buildTime).toISOString()}`;
  return `agor ${version} (${gitSha}, ${built}), Node ${process.version}`;
}

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}
