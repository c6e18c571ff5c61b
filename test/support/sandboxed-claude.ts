/**
 * The real Claude Code in a real fence, on a person's machine that is made up: a home folder with keys and with
 * conversations of other projects, a repository, and whatever login or key the agent was given.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newId } from '../../server/base/uuid.ts';
import { SecretFilter } from '../../server/leaks/secret-filter.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId, PromptId, RunId } from '../../server/protocol/ids.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import type { SandboxPlan, SandboxState } from '../../server/protocol/sandbox.ts';
import { raiseFence } from '../../server/sandbox/fence.ts';
import { sandboxHost } from '../../server/sandbox/host.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { FencedPrograms } from '../../server/sidecar/fenced-programs.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { sandboxRequest } from '../../server/sidecar/program-chain.ts';
import { temporaryDir } from '../../server/sidecar/program-environment.ts';
import { createAdapter } from '../../server/sidecar/providers.ts';
import { EventRecorder } from './event-recorder.ts';

export const runToken = 'of-this-run';

export type SandboxedClaudeOptions = {
  readonly program: string;
  readonly modelUrl: string;
  readonly by: 'login' | 'key';
  readonly withoutBubblewrap?: boolean;
  /** For the program, beside what it needs to find the model. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the access that the person has; an hour unless given. */
  readonly loginLeftMs?: number;
  /** Scripts that its agent has as commands, by their names. */
  readonly commands?: Readonly<Record<string, string>>;
};

export type SandboxedSession = {
  readonly sessionId: string;
  readonly fence: SandboxState;
  /** Says yes to every question, and resolves with the last words of the turn. */
  say(text: string): Promise<string>;
  stop(): Promise<void>;
};

export type SandboxedClaude = {
  readonly homeDir: string;
  readonly projectDir: string;
  readonly agentDir: string;
  /** Where its commands and tools look for their sidecar. */
  readonly controlSocket: string;
  git(...args: string[]): string;
  read(path: string): string;
  open(resume: string | null): Promise<SandboxedSession>;
};

/** In every file that the agent may not see. */
export const canary = 'canary-7f3a';
const hourMs = 3_600_000;
/** Not below /tmp, where the agent has a folder of its own and may write. */
const placeForHomes = '/var/tmp';

export function makeSandboxedClaude(t: TestContext, options: SandboxedClaudeOptions): SandboxedClaude {
  const root = realpathSync(mkdtempSync(join(existsSync(placeForHomes) ? placeForHomes : tmpdir(), 'agor-boxed-')));
  const [homeDir, projectDir, dataDir] = [join(root, 'home'), join(root, 'project'), join(root, 'data')];
  const record = recordOf(options, { projectDir, dataDir });
  for (const folder of [projectDir, join(dataDir, 'run'), record.privateDir, temporaryDir(record)]) mkdirSync(folder, { recursive: true });
  putCommands(record, options.commands ?? {});
  // The sidecar's own home is the person's, by which the program's is found.
  const { HOME } = process.env;
  process.env.HOME = homeDir;
  t.after(() => {
    process.env.HOME = HOME;
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectDir, env: { PATH: record.path ?? '', HOME: homeDir }, encoding: 'utf8' });
  furnishHome(homeDir, options);
  git('init', '--quiet');
  writeFileSync(join(projectDir, 'a.txt'), 'a\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  return {
    ...{ homeDir, projectDir, agentDir: record.agentDir, controlSocket: controlSocketOf(record), git },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    open: (resume) => openSession(t, { record, options, resume }),
  };
}

function furnishHome(homeDir: string, { by, loginLeftMs = hourMs }: SandboxedClaudeOptions): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(homeDir, path)), { recursive: true });
    writeFileSync(join(homeDir, path), text, { mode: 0o600 });
  };
  put('.gitconfig', '[user]\n\tname = Ada\n\temail = ada@example.org\n');
  put('.ssh/id_ed25519', canary);
  put('.bash_history', canary);
  put('.claude/projects/-other-project/conversation.jsonl', canary);
  put('.claude/settings.json', '{"permissions":{"deny":["WebFetch"]}}');
  put('.claude/CLAUDE.md', 'The person prefers tabs.');
  if (by === 'key') return;
  const login = { accessToken: 'sk-ant-oat01-lent', refreshToken: `sk-ant-ort01-${canary}`, expiresAt: Date.now() + loginLeftMs };
  const claudeAiOauth = { ...login, scopes: ['user:inference', 'user:profile'], subscriptionType: 'max' };
  put('.claude/.credentials.json', JSON.stringify({ claudeAiOauth, mcpOAuth: { server: { accessToken: canary } } }));
  put('.claude.json', JSON.stringify({ mcpServers: { tool: { command: canary } } }));
}

function putCommands({ binDir }: RunRecord, commands: Readonly<Record<string, string>>): void {
  if (binDir === undefined) return;
  mkdirSync(binDir, { recursive: true });
  for (const [name, script] of Object.entries(commands)) writeFileSync(join(binDir, name), script, { mode: 0o700 });
}

function controlSocketOf({ agentDir }: RunRecord): string {
  return join(agentDir, 's');
}

/** From the sources, a program of ours needs its packages, which in a worktree may lie elsewhere. */
const packagesDir = realpathSync(fileURLToPath(new URL('../../node_modules', import.meta.url)));
const sandbox: SandboxPlan = { mode: 'preferred', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] };

type Opening = { readonly record: RunRecord; readonly options: SandboxedClaudeOptions; readonly resume: string | null };

async function openSession(t: TestContext, { record, options, resume }: Opening): Promise<SandboxedSession> {
  const recorder = new EventRecorder();
  const fences: SandboxState[] = [];
  const host = options.withoutBubblewrap ? { ...sandboxHost(), bwrap: null } : sandboxHost();
  const programs = new FencedPrograms({
    start: startProgram,
    requestFor: (command, environment) => sandboxRequest(record, command, environment),
    raiseFence: (request) => raiseFence(request, host),
    bounds: null,
    maxHeapMb: null,
    onFenced: ({ sandbox }) => fences.push(sandbox),
  });
  const secrets = options.by === 'key' ? { ANTHROPIC_API_KEY: 'not-a-key' } : {};
  const emit = (event: AgentEvent) => {
    recorder.emit(event);
    if (event.type === 'permissionAsked') queueMicrotask(() => adapter.answer(event.approvalId, 'allowOnce', null));
  };
  const place = { runToken, controlSocket: controlSocketOf(record) };
  const wiring = {
    ...place,
    filter: new SecretFilter(),
    hooks: noHooks,
    startProgram: programs.start,
    emit,
    onExit: () => {},
    log: () => {},
  };
  const adapter = createAdapter(record, secrets, wiring);
  const stop = async () => {
    await adapter.stop();
    await programs.takenDown();
  };
  t.after(stop);
  await adapter.open({ providerSessionId: resume, model: null });
  const { providerSessionId } = await recorder.next('sessionOpened');
  const [fence] = fences;
  if (fence === undefined) throw new Error('The program was started without a word about its fence.');
  const say = async (text: string) => {
    await adapter.prompt({ promptId: newId<PromptId>(), text });
    await recorder.next('turnEnded');
    return recorder.texts().at(-1) ?? '';
  };
  return { sessionId: providerSessionId, fence, say, stop };
}

function recordOf(
  options: SandboxedClaudeOptions,
  { projectDir, dataDir }: { readonly projectDir: string; readonly dataDir: string },
): RunRecord {
  const agentId = newId<AgentId>();
  const home = join(dataDir, 'agents', agentId);
  return {
    ...{ runId: newId<RunId>(), agentId, token: 'of the sidecar', dataDir, projectDir },
    ...{ agentDir: join(home, 'agent'), privateDir: join(home, 'private') },
    provider: 'claude',
    command: [options.program],
    environment: { ANTHROPIC_BASE_URL: options.modelUrl, CLAUDE_CODE_MAX_RETRIES: '0', ...options.environment },
    path: '/usr/local/bin:/usr/bin:/bin',
    credentials: options.by === 'login' ? 'login' : 'environment',
    ...{ orphanGraceMs: 1_000, logLevel: 'info', wireVersion: sidecarWireVersion, createdAt: Date.now() },
    sandbox,
    ...{ sidecar: null, program: null },
    ...(options.commands && { binDir: join(dataDir, 'bin'), sandbox: { ...sandbox, readOnlyPaths: [packagesDir] } }),
  };
}
