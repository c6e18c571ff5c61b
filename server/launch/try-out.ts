/**
 * Tries a build out before it is switched to: it opens a copy of the data, migrates that, and builds everything over it;
 * and the agent that comes along answers its first question. Nothing of the data itself is touched.
 */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPaths } from '../base/data-paths.ts';
import { backendEnvironment } from './start-backend.ts';

/** Besides a second for each so many bytes of the databases. The one that serves goes on meanwhile, so there is time. */
const smokeTestMs = 30_000;
const bytesPerSecond = 10 * 1024 * 1024;
const agentBootMs = 10_000;
const keptChars = 4_000;

export type Shortcoming = {
  /** A phrase. */
  readonly reason: string;
  /** It lies with the machine, not with the build: another time it may work. */
  readonly isPassing: boolean;
};

/** Undefined when it works. */
export async function tryOut(programDir: string, paths: DataPaths): Promise<Shortcoming | undefined> {
  const smoke = await answerOf([join(programDir, 'backend.js'), paths.dataDir, '--smoke-test', 'copy'], { timeoutMs: smokeLimitMs(paths) });
  if (!smoke.ok) return { ...smoke, reason: `its smoke test ${smoke.why}` };
  const agent = join(programDir, 'demo-agent.js');
  const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: 1, clientCapabilities: {} } };
  const boot = await answerOf([agent], { timeoutMs: agentBootMs, say: `${JSON.stringify(hello)}\n`, until: '"id":1' });
  return boot.ok ? undefined : { ...boot, reason: `its own agent ${boot.why}` };
}

function smokeLimitMs({ sessionsDb, btmsgDb }: DataPaths): number {
  const bytes = [sessionsDb, btmsgDb].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  return smokeTestMs + Math.round((bytes / bytesPerSecond) * 1_000);
}

type Ask = { readonly timeoutMs: number; readonly say?: string; readonly until?: string };
type Answer = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly isPassing: boolean };

/** With `until`, it has answered when it has said that; without, when it has ended with code 0. */
function answerOf([program = '', ...args]: readonly string[], { timeoutMs, say, until }: Ask): Promise<Answer> {
  if (!existsSync(program)) return Promise.resolve({ ok: false, why: `is missing (${program})`, isPassing: true });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: backendEnvironment(process.env),
      windowsHide: true,
    });
    const said = { out: '', error: '' };
    const timer = setTimeout(
      () => settle({ ok: false, why: `did not end within ${Math.round(timeoutMs / 1_000)} s`, isPassing: true }),
      timeoutMs,
    );
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(answer);
    };
    child.stdout.on('data', (chunk) => {
      said.out = (said.out + chunk).slice(-keptChars);
      if (until !== undefined && said.out.includes(until)) settle({ ok: true });
    });
    child.stderr.on('data', (chunk) => {
      said.error = (said.error + chunk).slice(-keptChars);
    });
    child.once('error', (error) => settle({ ok: false, why: `could not be started: ${error.message}`, isPassing: true }));
    child.once('close', (code, signal) => settle(code === 0 && until === undefined ? { ok: true } : failed(code, signal, said.error)));
    // One that ended at once takes nothing; its end tells.
    child.stdin.on('error', () => {});
    child.stdin.end(say ?? '');
  });
}

function failed(code: number | null, signal: NodeJS.Signals | null, stderr: string): Answer {
  const lines = stderr.trim().split('\n');
  // Of a stack trace the line that names the error says most.
  const last = lines.findLast((line) => /^(\{"code"|\w*Error\b)/.test(line)) ?? lines.at(-1) ?? '';
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  const why = last === '' ? how : `${how}: ${messageIn(last)}`;
  return { ok: false, why, isPassing: signal !== null || last.startsWith('{"code":"storage"') };
}

/** The backend's last line on stderr is its reason, as JSON. */
function messageIn(line: string): string {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message).split('\n')[0] ?? '';
  } catch {
    // Not in that form: as it was said.
  }
  return line.slice(0, 300);
}
