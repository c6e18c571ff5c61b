/**
 * Has the conversation of test/agents with every agent program, over the built backend, and prints what each can do; the
 * table is in test-output/agents.md as well. Fails when a program does not do what it could do.
 *   node scripts/run-agents.ts [agent …] [--case <pattern>] [--sources] [--workers <n>]
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { caseNames, casesOfBuilds, isTried } from '../test/agents/cases.ts';
import type { AgentDriver } from '../test/agents/driver.ts';
import { agentDrivers, notTried } from '../test/agents/drivers.ts';
import { haveConversation } from '../test/agents/have-conversation.ts';
import { type AgentOutcomes, failures, type Outcome, outcomeTable } from '../test/agents/outcomes.ts';
import { sideBySide } from '../test/faults/side-by-side.ts';
import { root } from './environment.ts';
import { endProcesses, processesOf } from './processes.ts';

const endGraceMs = 2_000;
const shownChars = 600;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    case: { type: 'string', default: '' },
    sources: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
  },
});
const drivers = positionals.length === 0 ? agentDrivers : positionals.map(driverNamed);
const names = caseNames.filter((name) => name.includes(values.case) && !(values.sources && casesOfBuilds.includes(name)));
const distDir = values.sources ? undefined : join(root, 'dist');
const temporary = mkdtempSync(join(tmpdir(), 'agor-a-'));
process.env.TMPDIR = temporary;
// Nothing that was declared on this machine plays a part.
process.env.AGOR_CONFIG_DIR = join(temporary, 'config', 'agor');

for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'] as const) process.once(event, breakOff);

const agents: AgentOutcomes[] = [];
const unfetched: { name: string; reason: string }[] = [];
// The slow ones mostly wait.
await sideBySide(drivers, Number(values.workers), async (driver) => {
  const installed = await driver.install().catch((error: unknown) => String(error));
  if (typeof installed === 'string') unfetched.push({ name: driver.name, reason: `it could not be fetched: ${firstLine(installed)}` });
  else agents.push(await talkTo(driver, installed.version));
});
agents.sort((a, b) => drivers.findIndex(({ name }) => name === a.agent) - drivers.findIndex(({ name }) => name === b.agent));
const table = outcomeTable(names, agents, [...unfetched, ...notTried]);
console.log(`\n${table}`);
mkdirSync(join(root, 'test-output'), { recursive: true });
writeFileSync(join(root, 'test-output', 'agents.md'), table);
for (const { name, reason } of unfetched) complain(`${name}: ${reason}`);
for (const complaint of [...failures(agents), ...(await leftovers())]) complain(complaint);
rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });

async function talkTo(driver: AgentDriver, version: string): Promise<AgentOutcomes> {
  const outcomes = new Map<string, Outcome>();
  const fences = new Set<string>();
  for (const name of names.filter((one) => isTried(driver, one))) {
    const startedAt = performance.now();
    const { outcome, fence } = await haveConversation(driver, name, distDir);
    outcomes.set(name, outcome);
    if (fence !== '') fences.add(fence);
    print(driver, name, outcome, (performance.now() - startedAt) / 1_000);
  }
  return { agent: driver.name, version, fence: [...fences].join(', '), remarks: driver.remarks ?? [], outcomes };
}

function print({ name: agent }: AgentDriver, name: string, outcome: Outcome, seconds: number): void {
  const mark = { works: '✔', cannot: '–', fails: '✖' }[outcome.kind];
  const rest =
    outcome.kind === 'works' ? '' : ` · ${outcome.kind === 'cannot' ? `cannot: ${outcome.reason}` : outcome.problem.slice(0, shownChars)}`;
  console.log(`${mark} ${agent.padEnd(17)} ${name}  ${seconds.toFixed(1)} s${rest}`);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function driverNamed(name: string): AgentDriver {
  const driver = agentDrivers.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (driver) return driver;
  console.error(`There is no agent "${name}". The agents are: ${agentDrivers.map((known) => known.name).join(', ')}.`);
  process.exit(2);
}

/** Whatever ends it, nothing of it goes on. */
async function breakOff(why: unknown): Promise<void> {
  complain(`broken off: ${why instanceof Error ? why.stack : why}`);
  await leftovers();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
  process.exit(1);
}

async function leftovers(): Promise<string[]> {
  const left = processesOf(temporary);
  if (left.length > 0) await endProcesses(() => processesOf(temporary), endGraceMs);
  const folders = readdirSync(temporary).filter((name) => name.startsWith('agor-'));
  return [
    ...left.map(({ pid, command }) => `left running: ${pid} ${command.slice(0, 200)}`),
    ...folders.map((name) => `left a folder behind: ${name}`),
  ];
}

function complain(what: string): void {
  console.error(`✖ ${what.slice(0, shownChars)}`);
  process.exitCode = 1;
}
