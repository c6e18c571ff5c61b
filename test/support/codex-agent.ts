/** An adapter for the real Codex in folders of its own, with what it emits recorded. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import { codexHome } from '../../server/sandbox/known-programs.ts';
import { type AgentAdapter, noHooks, type ToolServer } from '../../server/sidecar/adapter.ts';
import { createCodexAdapter } from '../../server/sidecar/adapters/codex/codex-adapter.ts';
import { layDownCodexHome } from '../../server/sidecar/adapters/codex/own-home.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { EventRecorder } from './event-recorder.ts';
import { cacheFolder } from './fetched-program.ts';

export type CodexAgentOptions = {
  readonly command: readonly string[];
  readonly modelUrl: string;
  /** One that another agent used before: then this one is the first one's after a restart. */
  readonly folder?: string;
  readonly tools?: ToolServer;
  readonly environment?: Readonly<Record<string, string>>;
  /** False: by its own login, which there is not. */
  readonly hasKey?: boolean;
};

export type CodexAgent = {
  readonly adapter: AgentAdapter;
  readonly recorder: EventRecorder;
  readonly projectDir: string;
  readonly homeDir: string;
  /** Resolves with the reason when the program ends by itself. */
  readonly exited: Promise<string>;
  readonly say: (text: string) => Promise<PromptId>;
};

export async function makeCodexAgent(t: TestContext, options: CodexAgentOptions): Promise<CodexAgent> {
  const folder = options.folder ?? (await makeCodexFolder());
  const [projectDir, agentDir] = [path.join(folder, 'project'), path.join(folder, 'agent')];
  const recorder = new EventRecorder();
  const { promise: exited, resolve: onExit } = Promise.withResolvers<string>();
  layDownCodexHome({ program: codexHome, agentDir, homeDir: path.join(folder, 'home'), usesLogin: false });
  const adapter = createCodexAdapter({
    ...{ projectDir, agentDir, command: options.command, startProgram },
    environment: {
      ...{ PATH: process.env.PATH ?? '', HOME: path.join(folder, 'home'), LANG: 'C.UTF-8', TMPDIR: path.join(folder, 'tmp') },
      ...{ CODEX_HOME: path.join(agentDir, 'codex'), OPENAI_API_KEY: 'not-a-key' },
      ...options.environment,
    },
    key: options.hasKey === false ? null : { variable: 'OPENAI_API_KEY', baseUrl: options.modelUrl },
    isFenced: true,
    ...{ emit: recorder.emit, onExit, log: () => {}, tools: options.tools ?? null, hooks: noHooks },
  });
  t.after(async () => {
    await adapter.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const say = async (text: string) => {
    const promptId = newId<PromptId>();
    await adapter.prompt({ promptId, text });
    return promptId;
  };
  return { adapter, recorder, projectDir, homeDir: path.join(agentDir, 'codex'), exited, say };
}

/** Not below the temporary folder, where Codex refuses to have its home. Removed when the last agent in it is. */
export async function makeCodexFolder(): Promise<string> {
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder(), 'codex-agent-'));
  for (const name of ['project', 'home', 'agent', 'tmp']) await mkdir(path.join(folder, name));
  return folder;
}
