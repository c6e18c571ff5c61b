/**
 * MAIN: the innermost layer of the fence. Fences in its own process, and then becomes the agent's program: same pid,
 * same pipes. Of two things it does one: the program runs inside everything that was asked for, or not at all.
 *   sandbox-launcher <policy as JSON> [-- <program> <arguments…>]
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { releaseEnvironment } from './held-environment.ts';
import { applyLandlock, usableAbi } from './landlock.ts';
import { type LauncherPolicy, type LauncherReport, launcherFailureCode } from './launcher-policy.ts';
import { type Libc, loadLibc } from './libc.ts';

const noNewPrivileges = 38;
const parentDeathSignal = 1;
const killSignal = 9;
const joinSessionKeyring = 1;
/** By architecture; elsewhere the keyring of the session stays. */
const keyctl: Readonly<Record<string, number>> = { x64: 250, arm64: 219, arm: 311, ia32: 288 };

const parentPid = process.ppid;
const [policyText = '', , ...command] = process.argv.slice(2);
void main();

async function main(): Promise<void> {
  try {
    await run(readPolicy(policyText));
  } catch (error) {
    process.stderr.write(`agor-sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(launcherFailureCode);
  }
}

async function run(policy: LauncherPolicy): Promise<void> {
  // Inside the fence nothing of ours can be read any more.
  const { makeAttempt } = policy.attempts ? await import('./attempts.ts') : {};
  const libc = loadLibcFor(policy);
  const landlockAbi = libc === null ? 0 : raise(libc, policy);
  if (makeAttempt === undefined) {
    libc?.resetSignals();
    return become(command);
  }
  const answers: string[] = [];
  for (const attempt of policy.attempts ?? []) answers.push(await makeAttempt(attempt, libc));
  const report: LauncherReport = { landlockAbi, answers };
  process.stdout.write(JSON.stringify(report));
}

/** Ours: the process that starts the launcher writes it. */
function readPolicy(text: string): LauncherPolicy {
  return JSON.parse(text) as LauncherPolicy;
}

/** Without a native part for this machine there is only what bubblewrap does. */
function loadLibcFor({ minLandlockAbi }: LauncherPolicy): Libc | null {
  try {
    return loadLibc();
  } catch (error) {
    if (minLandlockAbi > 0) throw error;
    return null;
  }
}

/** Answers which Landlock is in force. */
function raise(libc: Libc, policy: LauncherPolicy): number {
  libc.closeFilesOnExec();
  libc.prctl(parentDeathSignal, killSignal);
  // The parent was gone before the kernel knew that its death matters.
  if (process.ppid !== parentPid) process.exit(launcherFailureCode);
  leaveKeyring(libc);
  libc.dropCapabilities();
  libc.prctl(noNewPrivileges, 1);
  const abi = usableAbi(libc, policy.maxLandlockAbi);
  if (abi < policy.minLandlockAbi) throw new Error(`Landlock ${policy.minLandlockAbi} is asked for, but this kernel gives ${abi}.`);
  if (abi > 0) applyLandlock(libc, policy, abi);
  return abi;
}

/** What the person's session keeps in the kernel's keyring is nothing to the agent; a kernel without keyrings has none to leave. */
function leaveKeyring(libc: Libc): void {
  const call = keyctl[process.arch];
  if (call === undefined) return;
  try {
    libc.syscall(call, joinSessionKeyring, null);
  } catch {
    // Not built in, or refused by a container's filter, which then refuses all use of keyrings.
  }
}

function become([program = '', ...args]: readonly string[]): void {
  const environment = releaseEnvironment(process.env);
  const file = findProgram(program, environment.PATH ?? '');
  if (file === undefined) throw new Error(`${program} is not there, or may not be executed inside the sandbox.`);
  if (process.execve === undefined) throw new Error(`Node ${process.versions.node} cannot execute another program in its place.`);
  process.execve(file, [program, ...args], environment);
}

function findProgram(program: string, path: string): string | undefined {
  const candidates = program.includes('/') ? [program] : path.split(':').map((folder) => join(folder, program));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
