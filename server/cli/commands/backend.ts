/** `agor backend`: the process behind all windows and commands. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { dataPaths } from '../../base/data-paths.ts';
import { delay } from '../../base/delay.ts';
import { isSameProcess } from '../../base/process-identity.ts';
import { AgorError } from '../../protocol/errors.ts';
import { OwnerRecord } from '../../protocol/owner-record.ts';
import { group } from '../command-group.ts';
import { UnreachableError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

const stopTimeoutMs = 10_000;
const pollMs = 20;

export function addBackendCommands(program: Command): void {
  const backend = group(program, { name: 'backend', description: 'The process behind all windows and commands.' });
  backend
    .command('stop')
    .summary('end the backend; agents go on without it')
    .description('Ends the backend in order. Running turns go on, and the next window or command starts a backend that takes them over.')
    .action(run(stopBackend));
}

/** Asking starts no backend only to end it. */
async function stopBackend(invocation: Invocation): Promise<Outcome> {
  const owner = await endBackend(invocation);
  if (!owner) return { json: { stopped: false }, lines: () => ['No backend runs.'] };
  return { json: { stopped: true, pid: owner.pid }, lines: () => [`The backend (pid ${owner.pid}) has ended.`] };
}

/** Which one has ended; undefined when none ran. */
export async function endBackend(invocation: Invocation): Promise<OwnerRecord | undefined> {
  const owner = runningOwner(invocation.dataDir);
  if (!owner) return undefined;
  // One of its own: an earlier one may have gone with the backend before.
  const backend = await invocation.reconnect();
  // It may be gone before its answer is written: that it ends is seen below.
  await Promise.race([backend.call('backend/stop', {}).catch(ignoreLost), backend.closed]);
  await untilGone(owner);
  return owner;
}

function ignoreLost(error: unknown): void {
  if (!(error instanceof UnreachableError)) throw error;
}

export function runningOwner(dataDir: string): OwnerRecord | undefined {
  try {
    const owner = OwnerRecord.parse(JSON.parse(readFileSync(dataPaths(dataDir).ownerRecord, 'utf8')));
    return isSameProcess(owner) ? owner : undefined;
  } catch {
    // No record, or one of another version: whoever wrote it is not a backend that this command can ask.
    return undefined;
  }
}

/** Its lock is free only when the process is gone; a command that follows must not meet the old one. */
async function untilGone(owner: OwnerRecord): Promise<void> {
  const deadline = performance.now() + stopTimeoutMs;
  while (isSameProcess(owner)) {
    if (performance.now() > deadline) {
      throw new AgorError('unavailable', `The backend (pid ${owner.pid}) was asked to end and still runs after ${stopTimeoutMs / 1000} s.`);
    }
    await delay(pollMs);
  }
}
