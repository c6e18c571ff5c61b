/** `agor retention compact`: databases written anew without what is free in them. */
import type { Command } from 'commander';
import { type Compacted, type CompactStep, compact } from '../../launch/compact.ts';
import { AgorError } from '../../protocol/errors.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import { bytesText } from '../metrics-text.ts';
import type { Outcome } from '../output.ts';
import { requirePerson } from '../require-person.ts';
import { endBackend, runningOwner } from './backend.ts';

const help = `
A database gives free pages back to the disk by itself, a few at a time. One of before that, and larger than 256 MiB, does
not: what is free in it is used again, and the file stays as large as it was. This writes it anew beside the old one, checks
it against the old one, row by row, and puts it in its place; the old one is kept until the new one was opened. The disk needs
room for the new file meanwhile. A backend that runs ends first and is started again; agents go on, and what they say waits.`;

export function addRetentionCompact(retention: Command): void {
  retention
    .command('compact')
    .summary('write large databases anew without what is free in them')
    .description('Gives the free space of the databases back to the disk, also of those that cannot do so by themselves.')
    .addHelpText('after', help)
    .action(run(compactNow));
}

async function compactNow(invocation: Invocation): Promise<Outcome> {
  requirePerson(invocation);
  if (runningOwner(invocation.dataDir)?.isService)
    throw new AgorError(
      'refused',
      'A service runs on this data directory, and it would be missing meanwhile. End it, run this, and start it again; see "agor service".',
    );
  const wasRunning = runningOwner(invocation.dataDir) !== undefined;
  try {
    const compacted = await compactAlone(invocation, mostTries);
    return { json: { compacted }, lines: () => compactedLines(compacted) };
  } finally {
    // Whoever was attached finds one again, whatever came of it.
    if (wasRunning) await (await invocation.reconnect()).call('backend/ping', {});
  }
}

/** A window may start the backend again before the data directory was taken; then that one makes way too. */
const mostTries = 3;

async function compactAlone(invocation: Invocation, tries: number): Promise<Compacted[]> {
  await endBackend(invocation);
  try {
    return await compact(distDir, invocation.dataDir, tellStep);
  } catch (error) {
    if (tries <= 1 || !(error instanceof AgorError && error.code === 'conflict')) throw error;
    return compactAlone(invocation, tries - 1);
  }
}

const words = {
  copying: 'Writing',
  checking: 'Checking',
  exchanging: 'Putting in place',
  opening: 'Opening',
} as const satisfies Record<CompactStep['step'], string>;

/** Beside the answer, which others may read. */
function tellStep({ step, database, bytes }: CompactStep, copied: number | null): void {
  const share = copied === null ? '' : ` (${bytesText(bytes)}, ${Math.round(copied * 100)} %)`;
  process.stderr.write(`${words[step]} ${database}${share} …\n`);
}

function compactedLines(compacted: readonly Compacted[]): string[] {
  if (compacted.length === 0)
    return ['Nothing to be gained: less than a tenth of each database is free, and they give it back by themselves.'];
  return compacted.map(
    ({ database, beforeBytes, afterBytes }) => `${database} had ${bytesText(beforeBytes)} and has ${bytesText(afterBytes)} now.`,
  );
}
