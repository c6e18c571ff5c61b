/** Runs the launcher with attempts instead of a program, inside the very layers that the program will get. */
import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import type { Environment } from './held-environment.ts';
import type { LauncherReport } from './launcher-policy.ts';

/** A start takes some 50 ms; a machine that needs this long for it does not answer. */
const deadlineMs = 5_000;
const maxReasonChars = 300;
const noAnswer = 'The sandbox could not be tried out, because it did not answer';
const whatToDo = 'Start the agent again when the machine is less busy, or switch its sandbox off.';

const Report = z.object({ landlockAbi: z.number(), answers: z.array(z.string()) });

export type SelfTestResult = { readonly report: LauncherReport } | { readonly failure: string };

/**
 * Never hangs. When time is up it throws `unavailable`, and is no failure to go on from with less: an agent could bring
 * that about, by keeping the machine busy.
 */
export async function runSelfTest(
  argv: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly environment: Environment; readonly deadlineMs?: number },
): Promise<SelfTestResult> {
  const [file, ...args] = argv;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...options.environment },
    // Bubblewrap leaves a process behind when it cannot write to its information descriptor.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  return Promise.race([reportOf(child), timeUp(child, options.deadlineMs ?? deadlineMs)]);
}

async function reportOf(child: ChildProcess): Promise<SelfTestResult> {
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  const [output, errors, end] = await Promise.all([allOf(child.stdout), allOf(child.stderr), ended]);
  const report = Report.safeParse(parsed(output));
  if (report.success) return { report: report.data };
  return { failure: errors.trim().split('\n').at(-1)?.slice(0, maxReasonChars) || end };
}

/** Time is up when nothing came, and when the end of it does not come. */
function timeUp(child: ChildProcess, ms: number): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      end(child);
      reject(new AgorError('unavailable', `${noAnswer} within ${ms / 1000} s. ${whatToDo}`));
    }, ms);
    child.once('error', () => clearTimeout(timer));
    child.once('close', () => clearTimeout(timer));
  });
}

function end(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended at this very moment.
  }
}

async function allOf(stream: ChildProcess['stdout']): Promise<string> {
  if (stream === null) return '';
  // Cut off when time was up, and then nobody waits for it.
  return text(stream).catch(() => '');
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    // No report: what came on stderr tells why.
    return null;
  }
}
