/** How Codex is started, by what rules a thread of it runs, and what it means when it does not come up. Pure. */
import path from 'node:path';
import { AgorError } from '../../../protocol/errors.ts';
import { type ToolServer, toolServerName } from '../../adapter.ts';
import { exitReason } from '../../exit-reason.ts';
import type { ProgramExit } from '../../program.ts';
import type { ThreadReply } from './messages.ts';

/** Where its key comes from, when it is not its own login. */
export type KeySource = {
  /** Named, and never its value: that stays in the program's environment. */
  readonly variable: string;
  readonly baseUrl: string;
};

export type ThreadRules = {
  readonly projectDir: string;
  readonly model: string | null;
  readonly tools: ToolServer | null;
  readonly key: KeySource | null;
  /** Inside a fence of ours its own cannot be raised, and is not needed. */
  readonly isFenced: boolean;
};

const defaultProgram = 'codex';
const keyProvider = 'agor-key';
const installHint =
  'Install it with "npm install -g @openai/codex", or name its program with "agor agent add <name> --provider codex -- <path>".';
/** It asks about everything but what only reads; and it asks a person, not another model. */
const asksFirst = { approvalPolicy: 'untrusted', approvalsReviewer: 'user' };

export function commandLine(command: readonly string[]): [string, ...string[]] {
  const [program = defaultProgram, ...own] = command;
  return [program, ...own, 'app-server', '-c', 'analytics.enabled=false', '-c', 'check_for_update_on_startup=false'];
}

export function threadParams({ projectDir, model, tools, key, isFenced }: ThreadRules): Record<string, unknown> {
  return {
    cwd: projectDir,
    ...(model === null ? {} : { model }),
    ...asksFirst,
    sandbox: isFenced ? 'danger-full-access' : 'workspace-write',
    config: {
      // Otherwise it would trust the project by itself, and with that run the servers and follow the rules of `.codex` in
      // it, which may allow anything.
      projects: { [projectDir]: { trust_level: 'untrusted' } },
      // Beside those of the person's own settings, which a whole table would take the place of.
      ...(tools === null ? {} : { [`mcp_servers.${toolServerName}`]: serverOf(tools) }),
      ...(key === null ? {} : keyConfig(key)),
    },
  };
}

/** Its own mail asks nobody. It passes only a few variables on to a server, and of the others those that are named. */
function serverOf({ command, args, env, passed }: ToolServer) {
  return { command, args, env, env_vars: passed, default_tools_approval_mode: 'approve' };
}

function keyConfig({ variable, baseUrl }: KeySource) {
  return {
    model_provider: keyProvider,
    model_providers: { [keyProvider]: { name: 'OpenAI', base_url: baseUrl, env_key: variable, wire_api: 'responses' } },
    // The commands of the agent need no key.
    shell_environment_policy: { exclude: [variable] },
  };
}

/** What it says of the rules that it follows; undefined for a version that does not say. */
export function brokenRule({ approvalPolicy, approvalsReviewer }: ThreadReply): string | undefined {
  if (approvalPolicy !== undefined && approvalPolicy !== asksFirst.approvalPolicy) return `approvals "${JSON.stringify(approvalPolicy)}"`;
  if (approvalsReviewer !== undefined && approvalsReviewer !== asksFirst.approvalsReviewer)
    return `approvals by "${JSON.stringify(approvalsReviewer)}"`;
  return undefined;
}

export function unruly(rule: string): AgorError {
  return new AgorError(
    'refused',
    `Codex would not ask you before it acts: it begins with ${rule} although it was told otherwise. Its version or a policy of your organization does not fit; use another version.`,
  );
}

export function notLoggedIn(): AgorError {
  return new AgorError(
    'needsCredentials',
    'Codex is not logged in. Run "codex login" in a terminal, or give the agent a key of its own, for example with: agor agent configure <name> --secret OPENAI_API_KEY.',
  );
}

export function missingProgram(command: readonly string[], cause: unknown): AgorError {
  const tried = command[0] ?? defaultProgram;
  const where = path.isAbsolute(tried) ? '' : ' on the PATH';
  return new AgorError('agentFailed', `Codex was not found: tried "${tried}"${where}. ${installHint}`, { cause });
}

export function missingProject(projectDir: string, cause: unknown): AgorError {
  return new AgorError('agentFailed', `The project's folder cannot be opened: ${projectDir}. Check that it still exists.`, { cause });
}

export function silentProgram(command: readonly string[], { method, timeoutMs }: Waited, stderr: string): AgorError {
  const what = `The program did not answer "${method}" within ${timeoutMs / 1000} s, as Codex would`;
  return new AgorError('agentFailed', `${what}. Tried: ${shownCommand(command)}. ${lastWords(stderr) || installHint}`);
}
type Waited = { readonly method: string; readonly timeoutMs: number };

export function refusedProgram(command: readonly string[], why: string): AgorError {
  return new AgorError('agentFailed', `Codex refused to begin a session: ${why} Tried: ${shownCommand(command)}.`);
}

export function failedProgram(command: readonly string[], exit: ProgramExit, stderr: string): AgorError {
  const words = lastWords(stderr) || 'It said nothing. Run it in a terminal to see whether it works there.';
  return new AgorError('agentFailed', `Codex could not be started (${exitWords(exit)}). Tried: ${shownCommand(command)}. ${words}`);
}

export function exitDetail(exit: ProgramExit, stderr: string): string {
  if (exit.overBound !== undefined) return `Codex was ended by ${exit.overBound}.`;
  const words = lastWords(stderr);
  return `Codex ended with ${exitReason(exit)}.${words === '' ? '' : ` ${words}`}`;
}

function exitWords(exit: ProgramExit): string {
  return exit.overBound ?? exitReason(exit);
}

function shownCommand(command: readonly string[]): string {
  return command.length === 0 ? defaultProgram : command.join(' ');
}

/** Its log has colours, and control characters would let it draw over what we say. */
function lastWords(stderr: string): string {
  const plain = stderr.replace(/(?!\n)\p{C}(\[[0-9;]*m)?/gu, ' ');
  const lines = plain.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-3).join('\n').slice(-1_000);
}
