/** How Claude Code is started for a session, and what it means when it does not come up. */
import path from 'node:path';
import { AgorError } from '../../../protocol/errors.ts';
import { type ToolServer, toolServerName } from '../../adapter.ts';
import { exitReason } from '../../exit-reason.ts';
import type { ProgramExit } from '../../program.ts';

export type SessionChoice = { readonly kind: 'new'; readonly sessionId: string } | { readonly kind: 'resume'; readonly sessionId: string };

/** What its own words say about a start that failed; null when it may be anything. */
type LaunchProblem = 'sessionInUse' | 'sessionUnknown';

const defaultProgram = 'claude';
const installHint =
  'Install it with "npm install -g @anthropic-ai/claude-code", or name its program with "agor agent add <name> --provider claude -- <path>".';

export type LaunchChoices = {
  readonly model: string | null;
  /** Shell command that prints the key. */
  readonly keyHelper: string | null;
  readonly tools: ToolServer | null;
};

export function commandLine(
  command: readonly string[],
  session: SessionChoice,
  { model, keyHelper, tools }: LaunchChoices,
): [string, ...string[]] {
  const [program = defaultProgram, ...own] = command;
  return [
    program,
    ...own,
    '-p',
    '--input-format',
    'stream-json',
    '--output-format',
    'stream-json',
    '--verbose',
    '--include-partial-messages',
    '--permission-prompt-tool',
    'stdio',
    '--permission-mode',
    'manual',
    // Only the person's own settings: the hooks and permissions that a repository brings along are ignored for now,
    // because they would run and allow things that nobody was asked about.
    '--setting-sources',
    'user',
    // Its multiple-choice questions have no place in the conversation yet; without the tool it asks in words.
    '--disallowedTools',
    'AskUserQuestion',
    // So that a hook of the person's own that fails is told of.
    '--include-hook-events',
    ...toolArguments(tools),
    session.kind === 'resume' ? '--resume' : '--session-id',
    session.sessionId,
    ...(model === null ? [] : ['--model', model]),
    ...(keyHelper === null ? [] : ['--settings', JSON.stringify({ apiKeyHelper: keyHelper })]),
  ];
}

/** It passes its environment on to the server, so that nothing secret stands here. Its own mail asks nobody. */
function toolArguments(tools: ToolServer | null): string[] {
  if (tools === null) return [];
  const { command, args, env } = tools;
  // Otherwise the model would have to search for them before it knows what there is.
  const server = { type: 'stdio', command, args, env, alwaysLoad: true };
  const config = { mcpServers: { [toolServerName]: server } };
  return ['--mcp-config', JSON.stringify(config), '--allowedTools', `mcp__${toolServerName}`];
}

/** Of a command line made here. */
export function resumedSession(commandLine: readonly string[]): string | null {
  const at = commandLine.lastIndexOf('--resume');
  return (at === -1 ? undefined : commandLine[at + 1]) ?? null;
}

export function launchProblem(output: string): LaunchProblem | null {
  if (/Session ID \S+ is already in use/.test(output)) return 'sessionInUse';
  return output.includes('No conversation found with session ID') ? 'sessionUnknown' : null;
}

/** A session that exists is resumed, one that the program has lost begins anew; null when neither is the problem. */
export function otherChoice(session: SessionChoice, problem: LaunchProblem | null, freshId: string): SessionChoice | null {
  if (session.kind === 'new' && problem === 'sessionInUse') return { kind: 'resume', sessionId: session.sessionId };
  return session.kind === 'resume' && problem === 'sessionUnknown' ? { kind: 'new', sessionId: freshId } : null;
}

export function missingProgram(command: readonly string[], cause: unknown): AgorError {
  const tried = command[0] ?? defaultProgram;
  const where = path.isAbsolute(tried) ? '' : ' on the PATH';
  return new AgorError('agentFailed', `Claude Code was not found: tried "${tried}"${where}. ${installHint}`, { cause });
}

export function missingProject(projectDir: string, cause: unknown): AgorError {
  return new AgorError('agentFailed', `The project's folder cannot be opened: ${projectDir}. Check that it still exists.`, { cause });
}

export function silentProgram(command: readonly string[], timeoutMs: number, stderr: string): AgorError {
  const tried = shownCommand(command);
  return new AgorError(
    'agentFailed',
    `The program did not answer within ${timeoutMs / 1000} s, as Claude Code would. Tried: ${tried}. ${lastWords(stderr) || installHint}`,
  );
}

export function refusedProgram(command: readonly string[], why: string): AgorError {
  return new AgorError('agentFailed', `Claude Code refused to begin a session: ${why} Tried: ${shownCommand(command)}.`);
}

export function failedProgram(command: readonly string[], exit: ProgramExit, stderr: string): AgorError {
  const words = lastWords(stderr) || 'It said nothing. Run it in a terminal to see whether it works there.';
  return new AgorError('agentFailed', `Claude Code could not be started (${exitWords(exit)}). Tried: ${shownCommand(command)}. ${words}`);
}

/** For the log and the tree: how a program ended that nobody had asked to. */
export function exitDetail(exit: ProgramExit, hasFailedLast: boolean, stderr: string): string {
  const words = lastWords(stderr);
  if (exit.overBound !== undefined) return `Claude Code was ended by ${exit.overBound}.`;
  // This is its way to say that the last turn failed, which the person has seen already.
  if (hasFailedLast && exit.code === 1 && words === '') return 'Claude Code ended after a failed turn.';
  return `Claude Code ended with ${exitWords(exit)}.${words === '' ? '' : ` ${words}`}`;
}

function exitWords(exit: ProgramExit): string {
  if (exit.overBound !== undefined) return exit.overBound;
  return exitReason(exit);
}

/** The person's part of the command: our own arguments say nothing to them. */
function shownCommand(command: readonly string[]): string {
  return command.length === 0 ? defaultProgram : command.join(' ');
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-5).join('\n').slice(-1_000);
}
