/** An adapter for the real Claude Code in folders of its own, with what it emits recorded. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import { type AgentAdapter, noHooks, type ProgramHooks, type ToolServer } from '../../server/sidecar/adapter.ts';
import { createClaudeAdapter } from '../../server/sidecar/adapters/claude/claude-adapter.ts';
import { claudeEnvironment } from '../../server/sidecar/adapters/claude/environment.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { EventRecorder } from './event-recorder.ts';

export type ClaudeAgentOptions = {
  readonly command: readonly string[];
  readonly modelUrl: string;
  /** One that another agent used before: then this one is the first one's after a restart. */
  readonly folder?: string;
  readonly maxRetries?: number;
  readonly hooks?: ProgramHooks;
  readonly tools?: ToolServer;
  /** For the program, beside what it needs to find the model. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The person's settings. */
  readonly settings?: unknown;
};

export type ClaudeAgent = {
  readonly adapter: AgentAdapter;
  readonly recorder: EventRecorder;
  readonly projectDir: string;
  /** Resolves with the reason when the program ends by itself. */
  readonly exited: Promise<string>;
  readonly say: (text: string) => Promise<PromptId>;
};

export async function makeClaudeAgent(t: TestContext, options: ClaudeAgentOptions): Promise<ClaudeAgent> {
  const folder = options.folder ?? (await makeClaudeFolder());
  const projectDir = path.join(folder, 'project');
  if (options.settings !== undefined) await writeSettings(folder, options.settings);
  const recorder = new EventRecorder();
  const { promise: exited, resolve: onExit } = Promise.withResolvers<string>();
  const adapter = createClaudeAdapter({
    projectDir,
    agentDir: path.join(folder, 'agent'),
    command: options.command,
    environment: environmentFor(folder, options),
    startProgram,
    emit: recorder.emit,
    onExit,
    log: () => {},
    tools: options.tools ?? null,
    hooks: options.hooks ?? noHooks,
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
  return { adapter, recorder, projectDir, exited, say };
}

/** Removed when the last agent in it is. */
export async function makeClaudeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'agor-claude-'));
  for (const name of ['project', 'home', 'agent', 'tmp']) await mkdir(path.join(folder, name));
  return folder;
}

async function writeSettings(folder: string, settings: unknown): Promise<void> {
  const configDir = path.join(folder, 'agent', 'claude');
  await mkdir(configDir, { recursive: true });
  await writeFile(path.join(configDir, 'settings.json'), JSON.stringify(settings));
}

function environmentFor(folder: string, { modelUrl, maxRetries, environment }: ClaudeAgentOptions): Record<string, string> {
  return claudeEnvironment({
    base: { PATH: process.env.PATH ?? '', HOME: path.join(folder, 'home'), LANG: 'C.UTF-8', TMPDIR: path.join(folder, 'tmp') },
    credentials: 'environment',
    environment: { ANTHROPIC_BASE_URL: modelUrl, CLAUDE_CODE_MAX_RETRIES: String(maxRetries ?? 0), ...environment },
    secrets: { ANTHROPIC_API_KEY: 'not-a-key' },
    agentDir: path.join(folder, 'agent'),
    isFenced: false,
  });
}
