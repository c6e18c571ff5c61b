/** The real Codex in a real fence, on a person's machine that is made up: a home folder with a key, a login and a repository. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import { SecretFilter } from '../../server/leaks/secret-filter.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId, PromptId, RunId } from '../../server/protocol/ids.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import type { SandboxState } from '../../server/protocol/sandbox.ts';
import { raiseFence } from '../../server/sandbox/fence.ts';
import { sandboxHost } from '../../server/sandbox/host.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { FencedPrograms } from '../../server/sidecar/fenced-programs.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { sandboxRequest } from '../../server/sidecar/program-chain.ts';
import { temporaryDir } from '../../server/sidecar/program-environment.ts';
import { createAdapter } from '../../server/sidecar/providers.ts';
import { EventRecorder } from './event-recorder.ts';

export type SandboxedCodexOptions = {
  readonly program: string;
  readonly modelUrl: string;
  /** `login`: by a configuration of the person's that names the model. */
  readonly by: 'login' | 'key';
};

export type SandboxedCodex = {
  readonly homeDir: string;
  readonly projectDir: string;
  readonly recorder: EventRecorder;
  readonly fence: SandboxState;
  readonly sessionId: string;
  git(...args: string[]): string;
  /** Says yes to every question, and resolves with the last words of the turn. */
  say(text: string): Promise<string>;
};

/** In every file that the agent may not see. */
export const canary = 'canary-7f3a';
/** Not below /tmp, where the agent has a folder of its own and may write. */
const placeForHomes = '/var/tmp';

export async function openSandboxedCodex(t: TestContext, options: SandboxedCodexOptions): Promise<SandboxedCodex> {
  const root = realpathSync(mkdtempSync(join(existsSync(placeForHomes) ? placeForHomes : tmpdir(), 'agor-boxed-')));
  const [homeDir, projectDir] = [join(root, 'home'), join(root, 'project')];
  const record = recordOf(options, { projectDir, dataDir: join(root, 'data') });
  for (const folder of [projectDir, join(record.dataDir, 'run'), record.privateDir, temporaryDir(record)])
    mkdirSync(folder, { recursive: true });
  // The sidecar's own home is the person's, by which the program's is found.
  const { HOME } = process.env;
  process.env.HOME = homeDir;
  t.after(() => {
    process.env.HOME = HOME;
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  furnishHome(homeDir, options);
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectDir, env: { PATH: record.path ?? '', HOME: homeDir }, encoding: 'utf8' });
  git('init', '--quiet');
  return { ...{ homeDir, projectDir, git }, ...(await open(t, record, options)) };
}

function furnishHome(homeDir: string, { by, modelUrl }: SandboxedCodexOptions): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(homeDir, path)), { recursive: true });
    writeFileSync(join(homeDir, path), text, { mode: 0o600 });
  };
  put('.gitconfig', '[user]\n\tname = Ada\n\temail = ada@example.org\n');
  put('.ssh/id_ed25519', canary);
  put('.codex/sessions/2026/other-project.jsonl', canary);
  put('.codex/rules/default.rules', 'prefix_rule(pattern=["touch"], decision="allow")\n');
  if (by === 'key') return;
  const provider = `[model_providers.own]\nname = "own"\nbase_url = "${modelUrl}"\nwire_api = "responses"\n`;
  put('.codex/config.toml', `model_provider = "own"\napproval_policy = "never"\n${provider}`);
}

async function open(t: TestContext, record: RunRecord, { by }: SandboxedCodexOptions) {
  const recorder = new EventRecorder();
  const fences: SandboxState[] = [];
  const programs = new FencedPrograms({
    start: startProgram,
    requestFor: (command, environment) => sandboxRequest(record, command, environment),
    raiseFence: (request) => raiseFence(request, sandboxHost()),
    ...{ bounds: null, maxHeapMb: null, onFenced: ({ sandbox }) => fences.push(sandbox) },
  });
  const emit = (event: AgentEvent) => {
    recorder.emit(event);
    if (event.type === 'permissionAsked') queueMicrotask(() => adapter.answer(event.approvalId, 'allowOnce', null));
  };
  const place = { runToken: 'of-this-run', controlSocket: join(record.agentDir, 's') };
  const wiring = {
    ...place,
    filter: new SecretFilter(),
    hooks: noHooks,
    startProgram: programs.start,
    emit,
    onExit: () => {},
    log: () => {},
  };
  const adapter = createAdapter(record, by === 'key' ? { OPENAI_API_KEY: 'not-a-key' } : {}, wiring);
  t.after(async () => {
    await adapter.stop();
    await programs.takenDown();
  });
  await adapter.open({ providerSessionId: null, model: null });
  const { providerSessionId: sessionId } = await recorder.next('sessionOpened');
  const [fence] = fences;
  if (fence === undefined) throw new Error('The program was started without a word about its fence.');
  const say = async (text: string) => {
    await adapter.prompt({ promptId: newId<PromptId>(), text });
    await recorder.next('turnEnded');
    return recorder.texts().at(-1) ?? '';
  };
  return { recorder, fence, sessionId, say };
}

function recordOf(options: SandboxedCodexOptions, { projectDir, dataDir }: Pick<RunRecord, 'projectDir' | 'dataDir'>): RunRecord {
  const agentId = newId<AgentId>();
  const home = join(dataDir, 'agents', agentId);
  return {
    ...{ runId: newId<RunId>(), agentId, token: 'of the sidecar', dataDir, projectDir },
    ...{ agentDir: join(home, 'agent'), privateDir: join(home, 'private') },
    provider: 'codex',
    command: [options.program],
    environment: { OPENAI_BASE_URL: options.modelUrl },
    path: '/usr/local/bin:/usr/bin:/bin',
    credentials: options.by === 'login' ? 'login' : 'environment',
    ...{ orphanGraceMs: 1_000, logLevel: 'info', wireVersion: sidecarWireVersion, createdAt: Date.now() },
    sandbox: { mode: 'preferred', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] },
    ...{ sidecar: null, program: null },
  };
}
