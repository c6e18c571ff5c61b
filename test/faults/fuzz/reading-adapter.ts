/**
 * Reads a garbling agent with the real adapter, in a process of its own that may crash:
 * `reading-adapter <acp|claude> <seed> <lines> <folder>`. Prints what came of it as JSON.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay } from '../../../server/base/delay.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { PromptId } from '../../../server/protocol/ids.ts';
import { type AgentAdapter, noHooks } from '../../../server/sidecar/adapter.ts';
import { AcpAdapter, defaultAcpOptions } from '../../../server/sidecar/adapters/acp/acp-adapter.ts';
import { createClaudeAdapter } from '../../../server/sidecar/adapters/claude/claude-adapter.ts';
import { startProgram } from '../../../server/sidecar/program.ts';
import type { GarblingReport } from './garbling-agent.ts';

export type ReadingReport = GarblingReport & {
  readonly events: number;
  /** Events that tell of a broken protocol. */
  readonly told: number;
  /** A turn after all that was answered. */
  readonly isAlive: boolean;
  readonly rssGrowthMb: number;
};

const pollMs = 20;
const patienceMs = 10_000;

const [protocol = '', seed = '', lines = '', folder = ''] = process.argv.slice(2);
const counts = { events: 0, told: 0, turns: 0 };
let onTurnEnded = () => {};
await main();

async function main(): Promise<void> {
  const report = join(folder, 'report.json');
  for (const name of ['project', 'agent']) mkdirSync(join(folder, name), { recursive: true });
  const program = join(import.meta.dirname, 'garbling-agent.ts');
  const adapter = adapterOf([process.execPath, program, protocol, seed, lines, report]);
  await adapter.open({ providerSessionId: null, model: null });
  await turn(adapter);
  const before = process.memoryUsage.rss();
  await adapter.prompt({ promptId: newId<PromptId>(), text: 'garble' });
  // What ends a turn, or begins one, may be among what is garbled.
  while (!existsSync(report)) await delay(pollMs);
  counts.turns = 0;
  await turnOnceFree(adapter);
  const found: GarblingReport = JSON.parse(readFileSync(report, 'utf8'));
  const rssGrowthMb = Math.round((process.memoryUsage.rss() - before) / 1024 / 1024);
  const reading: ReadingReport = { ...found, events: counts.events, told: counts.told, isAlive: counts.turns > 0, rssGrowthMb };
  console.log(JSON.stringify(reading));
  await adapter.stop();
}

function adapterOf(command: string[]): AgentAdapter {
  const context = {
    projectDir: join(folder, 'project'),
    agentDir: join(folder, 'agent'),
    command,
    environment: { PATH: process.env.PATH ?? '' },
    startProgram,
    emit: take,
    onExit: () => {},
    log: () => {},
    tools: null,
    hooks: noHooks,
  };
  return protocol === 'acp' ? new AcpAdapter(context, defaultAcpOptions) : createClaudeAdapter(context);
}

async function turnOnceFree(adapter: AgentAdapter): Promise<void> {
  for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt; await delay(pollMs)) {
    try {
      return await turn(adapter);
    } catch (error) {
      if (!(error instanceof AgorError && error.code === 'conflict')) throw error;
    }
  }
}

async function turn(adapter: AgentAdapter): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    onTurnEnded = resolve;
  });
  await adapter.prompt({ promptId: newId<PromptId>(), text: 'well' });
  await ended;
}

function take(event: AgentEvent): void {
  counts.events += 1;
  if (event.type === 'protocolError') counts.told += event.count;
  if (event.type !== 'turnEnded') return;
  counts.turns += 1;
  onTurnEnded();
}
