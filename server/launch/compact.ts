/** Has the databases written anew as a process of its own, and tells how far it is; nothing here opens a database. */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { AgorError, ErrorCode } from '../protocol/errors.ts';
import { recoveryProgram } from './recover.ts';
import { backendEnvironment } from './start-backend.ts';

export const CompactStep = z.object({
  step: z.enum(['copying', 'checking', 'exchanging', 'opening']),
  database: z.string(),
  path: z.string(),
  bytes: z.number(),
});
export type CompactStep = z.infer<typeof CompactStep>;

export const Compacted = z.object({ database: z.string(), beforeBytes: z.number(), afterBytes: z.number() });
export type Compacted = z.infer<typeof Compacted>;

const Line = z.union([
  CompactStep,
  z.object({ compacted: z.array(Compacted) }),
  z.object({ error: z.object({ code: ErrorCode, message: z.string() }) }),
]);

/** `copied`: the share of the new file that is there; null for a step without one. */
type Tell = (step: CompactStep, copied: number | null) => void;

const lookEveryMs = 1_000;

/** Throws `conflict` while a backend runs, and `storage` for what cannot be done. Nothing found is nothing done. */
export async function compact(runtimeDir: string, dataDir: string, tell: Tell): Promise<Compacted[]> {
  const env = backendEnvironment(process.env);
  const child = spawn(process.execPath, [recoveryProgram(runtimeDir), dataDir, JSON.stringify({ do: 'compact' })], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let step: CompactStep | undefined;
  const looks = setInterval(() => step?.step === 'copying' && tell(step, copiedOf(step)), lookEveryMs);
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = Line.parse(JSON.parse(text));
      if ('error' in line) throw new AgorError(line.error.code, line.error.message);
      if ('compacted' in line) return line.compacted;
      step = line;
      tell(step, step.step === 'copying' ? 0 : null);
    }
  } finally {
    clearInterval(looks);
  }
  throw new AgorError(
    'internal',
    'Writing the databases anew ended without an answer. The next start goes on with the old or the new files.',
  );
}

function copiedOf({ path, bytes }: CompactStep): number {
  const there = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return Math.min(1, there / Math.max(1, bytes));
}
