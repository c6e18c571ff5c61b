/** An ACP adapter with a real program below it, what it emits, and a way to wait for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { AcpAdapter, type AcpOptions, defaultAcpOptions } from '../../server/sidecar/adapters/acp/acp-adapter.ts';
import { startProgram } from '../../server/sidecar/program.ts';

type EventOf<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>;

export const demoAgentPath = fileURLToPath(new URL('../../server/demo-agent/demo-agent.ts', import.meta.url));
export const fixturePath = (name: string) => fileURLToPath(new URL(`../fixtures/programs/${name}`, import.meta.url));

export type HarnessOptions = {
  readonly command: readonly string[];
  readonly environment?: Record<string, string>;
  readonly acp?: Partial<AcpOptions>;
};

const patienceMs = 20_000;

export class AcpHarness {
  readonly adapter: AcpAdapter;
  readonly events: AgentEvent[] = [];
  readonly exits: string[] = [];
  /** The agent's project; the state of the demo agent lies beside it. */
  readonly folder: string;
  readonly #watchers = new Set<() => void>();

  constructor(folder: string, options: HarnessOptions) {
    this.folder = folder;
    const environment = {
      PATH: process.env.PATH ?? '',
      AGOR_DEMO_SPEED: '0',
      AGOR_DEMO_STATE_DIR: `${folder}-state`,
      ...options.environment,
    };
    const context = {
      projectDir: folder,
      agentDir: folder,
      command: options.command,
      environment,
      startProgram,
      emit: (event: AgentEvent) => this.#note(() => this.events.push(event)),
      onExit: (detail: string) => this.#note(() => this.exits.push(detail)),
      log: () => {},
      tools: null,
      hooks: noHooks,
    };
    this.adapter = new AcpAdapter(context, { ...defaultAcpOptions, ...options.acp });
  }

  async prompt(text: string): Promise<void> {
    await this.adapter.prompt({ promptId: newId<PromptId>(), text });
  }

  /** Prompts and waits for the end of the turn. */
  async turn(text: string): Promise<EventOf<'turnEnded'>> {
    const before = this.events.length;
    await this.prompt(text);
    return this.next('turnEnded', { from: before });
  }

  /** The first event of a type at or after `from` (default: the beginning) that fits. */
  next<T extends AgentEvent['type']>(type: T, options: { from?: number; fits?: (event: EventOf<T>) => boolean } = {}): Promise<EventOf<T>> {
    const isWanted = (event: AgentEvent): event is EventOf<T> => event.type === type && (options.fits?.(event as EventOf<T>) ?? true);
    return this.until(`an event ${type}`, () => this.events.slice(options.from ?? 0).find(isWanted));
  }

  until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`${what} did not come; seen: ${JSON.stringify(this.events.map((event) => event.type))}`));
      }, patienceMs);
      this.#watchers.add(look);
      look();
    });
  }

  of<T extends AgentEvent['type']>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** The text of each block, put together by its offsets. */
  texts(type: 'text' | 'thinking' = 'text'): string[] {
    const blocks = new Map<string, string>();
    for (const event of this.of(type)) {
      const before = blocks.get(event.itemId) ?? '';
      if (event.offset !== before.length) throw new Error(`a part at ${event.offset} follows ${before.length} characters`);
      blocks.set(event.itemId, before + event.text);
    }
    return [...blocks.values()];
  }

  #note(add: () => void): void {
    add();
    for (const look of [...this.#watchers]) look();
  }
}

/** Runs with a harness in a folder of its own; stops the program and removes the folder whatever happens. */
export async function withAcp(options: HarnessOptions, run: (harness: AcpHarness) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'agor-acp-'));
  const harness = new AcpHarness(folder, options);
  try {
    await run(harness);
  } finally {
    await harness.adapter.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}-state`, { recursive: true, force: true });
  }
}

export const fresh = { providerSessionId: null, model: null };
