/** Runs the doctor as a process of its own: nothing here opens a database, and a long look holds nobody up. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { BootReport, Examination } from '../protocol/doctor.ts';
import { AgorError, ErrorCode } from '../protocol/errors.ts';
import { backendEnvironment } from './start-backend.ts';

const Failure = z.object({ error: z.object({ code: ErrorCode, message: z.string() }) });
const maxAnswerChars = 4 * 1024 * 1024;
const shownErrorChars = 500;

type Place = { readonly runtimeDir: string; readonly dataDir: string };

/** `fix`: puts right what is safe, unless a backend runs, which is to be asked then (`doctor/fix`). */
export async function examine(place: Place, wish: 'examine' | 'fix'): Promise<Examination> {
  return parsed(Examination, await run(place, wish));
}

/** Starts a demo agent over a backend of its own, and removes both. Takes some seconds. */
export async function boot(place: Place): Promise<BootReport> {
  return parsed(BootReport, await run(place, 'boot'));
}

type Said = { readonly stdout: string; readonly stderr: string };

function run({ runtimeDir, dataDir }: Place, wish: string): Promise<Said> {
  const program = ['doctor.js', 'doctor.ts'].map((name) => join(runtimeDir, name)).find(existsSync);
  if (!program) throw new AgorError('unavailable', `The doctor's program is missing in ${runtimeDir}. Install Agent Orchestrator again.`);
  const child = spawn(process.execPath, [program, dataDir, wish], {
    env: backendEnvironment(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] = (said[name] + text).slice(0, maxAnswerChars);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new AgorError('unavailable', `The doctor could not be started: ${cause.message}`, { cause })));
    child.once('close', () => resolve(said));
  });
}

function parsed<T>(schema: z.ZodMiniType<T>, { stdout, stderr }: Said): T {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch (cause) {
    const why = stderr.trim().slice(-shownErrorChars) || 'it gave no reason';
    throw new AgorError('internal', `The doctor ended without an answer: ${why}`, { cause });
  }
  const failure = Failure.safeParse(answer);
  if (failure.success) throw new AgorError(failure.data.error.code, failure.data.error.message);
  return schema.parse(answer);
}
