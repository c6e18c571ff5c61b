/** What the demo agent remembers of a session, one small JSON file each, written whole after every step. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writeFileWhole } from '../base/write-file-whole.ts';

const Exchange = z.object({ prompt: z.string(), reply: z.string() });

export const DemoSession = z.object({
  id: z.string(),
  cwd: z.string(),
  /** The last ones; `turns` counts all. */
  exchanges: z.array(Exchange),
  turns: z.number(),
  usedTokens: z.number(),
  /** What was allowed for the rest of the session. */
  allowed: z.array(z.enum(['edit', 'run'])),
});
export type DemoSession = z.infer<typeof DemoSession>;

/** A little is in the context before anybody says a word, as with any agent. */
const tokensAtStart = 1_200;
const keptExchanges = 40;
const keptChars = 20_000;
const keptSessions = 200;

export function newSession(id: string, cwd: string): DemoSession {
  return { id, cwd, exchanges: [], turns: 0, usedTokens: tokensAtStart, allowed: [] };
}

/** The prompt is kept before the answer begins, so that a killed agent still knows what it was asked. */
export function withPrompt(session: DemoSession, prompt: string): DemoSession {
  const exchanges = [...session.exchanges, { prompt: prompt.slice(0, keptChars), reply: '' }].slice(-keptExchanges);
  return { ...session, exchanges, turns: session.turns + 1 };
}

export function withReply(session: DemoSession, reply: string, tokens: number): DemoSession {
  const last = session.exchanges.at(-1);
  if (last === undefined) return session;
  const exchanges = [...session.exchanges.slice(0, -1), { ...last, reply: reply.slice(0, keptChars) }];
  return { ...session, exchanges, usedTokens: session.usedTokens + tokens };
}

export function saveSession(stateDir: string, session: DemoSession): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  writeFileWhole(fileOf(stateDir, session.id), JSON.stringify(session));
}

/** Undefined when there is no such session, or its file is damaged. */
export function loadSession(stateDir: string, id: string): DemoSession | undefined {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  try {
    return DemoSession.parse(JSON.parse(readFileSync(fileOf(stateDir, id), 'utf8')));
  } catch {
    // Missing or unreadable comes to the same: it cannot be gone on with, and the client is told so.
    return undefined;
  }
}

/** Called once at the start, so that years of sessions do not pile up. */
export function pruneSessions(stateDir: string): void {
  try {
    const files = readdirSync(stateDir)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(stateDir, name));
    if (files.length <= keptSessions) return;
    const byAge = files.map((path) => ({ path, changedAt: statSync(path).mtimeMs })).sort((a, b) => b.changedAt - a.changedAt);
    for (const { path } of byAge.slice(keptSessions)) rmSync(path, { force: true });
  } catch {
    // No folder yet, or another agent prunes at the same time: the next start does it.
  }
}

function fileOf(stateDir: string, id: string): string {
  return join(stateDir, `${id}.json`);
}
