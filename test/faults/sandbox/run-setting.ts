/** MAIN: runs every probe in one setting, each as a process of its own, and prints what got through and what was named. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Fence, raiseFence } from '../../../server/sandbox/fence.ts';
import { type GapName, gaps } from '../../../server/sandbox/gaps.ts';
import { sandboxHost } from '../../../server/sandbox/host.ts';
import type { SandboxRequest } from '../../../server/sandbox/request.ts';
import { secretIn } from './file-probes.ts';
import { type Ground, layGround } from './ground.ts';
import type { Outcome, SettingReport } from './outcome.ts';
import type { Probe } from './probe.ts';
import { probes } from './probe-list.ts';
import { furtherSettings, noFence, type Setting, settings } from './setting.ts';

const atOnce = 2;
const deadlineMs = 15_000;

type Fences = { readonly main: Fence; readonly worktree: Fence };

const [name = '', parent = '', rootProgram = ''] = process.argv.slice(2);
const programs = join(parent, 'programs');
const setting = [...settings, ...furtherSettings, noFence].find((each) => each.name === name);
if (!setting) throw new Error(`There is no setting "${name}".`);
process.stdout.write(JSON.stringify(await run(setting)));

async function run({ host }: Setting): Promise<SettingReport> {
  const ground = await layGround(parent, rootProgram);
  const fences = host && (await raiseBoth(ground, { ...sandboxHost(), launcher: join(programs, 'launcher.mjs'), ...host }));
  try {
    const startedAt = performance.now();
    const outcomes = await runAll(ground, fences);
    return { state: fences?.main.state ?? null, outcomes, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    fences?.main.release();
    fences?.worktree.release();
    await ground.clear();
  }
}

async function raiseBoth(ground: Ground, host: ReturnType<typeof sandboxHost>): Promise<Fences> {
  const plain = ground.world.request({ network: 'ports', ports: [443] });
  const request: SandboxRequest = { ...plain, ownPaths: [process.execPath, programs, rootProgram] };
  const main = await raiseFence(request, host);
  return { main, worktree: await raiseFence({ ...request, projectDir: ground.place.worktreeDir }, host) };
}

/** Some at once, but in their order. */
async function runAll(ground: Ground, fences: Fences | null): Promise<Outcome[]> {
  const waiting = probes.entries();
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (const [index, probe] of waiting) outcomes[index] = await outcomeOf(probe, ground, fences);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return outcomes;
}

async function outcomeOf(probe: Probe, { place, world, secret }: Ground, fences: Fences | null): Promise<Outcome> {
  const isOfWorktree = probe.project === 'worktree';
  const fence = isOfWorktree ? fences?.worktree : fences?.main;
  const [first = process.execPath, ...rest] = [
    ...(probe.startedBy ?? []),
    process.execPath,
    join(programs, 'attempt.mjs'),
    probe.name,
    JSON.stringify(place),
  ];
  const answer = await start([first, ...rest], fence, {
    cwd: isOfWorktree ? place.worktreeDir : place.projectDir,
    environment: { ...world.request().environment },
    secretFile: secretIn(place.outside),
  });
  const isThrough = probe.gotThrough ? probe.gotThrough(place, answer, secret) : answer.includes(secret);
  const isNamed = probe.gap !== null && (fence?.state.gaps ?? []).some((gap) => gap.startsWith(beginningOf(probe.gap)));
  return { probe: probe.name, axis: probe.axis, answer: answer.replaceAll(secret, 'the secret').slice(0, 300), isThrough, isNamed };
}

type Surroundings = { readonly cwd: string; readonly environment: Record<string, string>; readonly secretFile: string };

/** As the product starts a program, and with a file left open as a careless parent would. */
async function start(command: readonly [string, ...string[]], fence: Fence | undefined, around: Surroundings): Promise<string> {
  const [file, ...args] = fence?.wrap(command) ?? command;
  const secretFd = openSync(around.secretFile, 'r');
  const child = spawn(file, args, {
    cwd: around.cwd,
    env: fence ? { ...fence.environment(around.environment) } : around.environment,
    // Node itself closes those of the low numbers, up to the first gap.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', secretFd, ...Array<'ignore'>(20).fill('ignore'), secretFd],
    detached: true,
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  closeSync(secretFd);
  const [said, complaints] = await Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  return said || `nothing: ${complaints?.trim()?.split('\n').slice(-3).join(' ')}`;
}

/** Up to where the sentence names what exactly. */
function beginningOf(name: GapName | null): string {
  return name === null ? '\0' : (gaps[name].sentence('\0').split('\0')[0] ?? '');
}
